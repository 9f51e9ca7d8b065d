from django.conf import settings
from django.db import models


class Tree(models.Model):
    name = models.CharField(max_length=40)
    planted = models.IntegerField(default=2000)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True)
