from rest_framework import generics, permissions, serializers, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.response import Response
from rest_framework.views import APIView
from trees.models import Tree

from .permissions import IsOwner, MayRead


class TreeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tree
        fields = ["id", "name", "planted"]


# The settings say who may.
class Default(APIView):
    def get(self, request):
        return Response({"default": True})


class Open(APIView):
    permission_classes = [permissions.AllowAny]

    def get(self, request):
        return Response({"open": True})


# Nobody is asked for anything.
class NoPermissions(APIView):
    permission_classes = []

    def get(self, request):
        return Response({"open": True})


class Either(APIView):
    permission_classes = [permissions.IsAdminUser | permissions.IsAuthenticatedOrReadOnly]

    def get(self, request):
        return Response({"either": True})

    def post(self, request):
        return Response({"either": True})


class Not(APIView):
    permission_classes = [~permissions.IsAuthenticated]

    def get(self, request):
        return Response({"for": "strangers"})


class HarvestedTrees(generics.ListCreateAPIView):
    permission_classes = [MayRead]
    queryset = Tree.objects.all()
    serializer_class = TreeSerializer


class HarvestedTree(generics.RetrieveDestroyAPIView):
    permission_classes = [permissions.IsAuthenticatedOrReadOnly]
    queryset = Tree.objects.all()
    serializer_class = TreeSerializer


class Baskets(viewsets.ModelViewSet):
    serializer_class = TreeSerializer
    permission_classes = [permissions.IsAuthenticated, IsOwner]

    def get_queryset(self):
        return Tree.objects.filter(owner=self.request.user)

    # What an action asks takes the place of what the class asks.
    @action(detail=False, permission_classes=[permissions.AllowAny])
    def count(self, request):
        return Response({"count": Tree.objects.count()})

    @action(detail=True, methods=["post"], url_path="weigh-in")
    def weigh(self, request, pk=None):
        return Response({"weight": self.get_object().planted})


class Ledger(viewsets.ReadOnlyModelViewSet):
    queryset = Tree.objects.all()
    serializer_class = TreeSerializer

    def get_permissions(self):
        if self.action == "list":
            return [permissions.AllowAny()]
        return [permissions.IsAdminUser()]


@api_view(["GET", "POST"])
def function(request):
    return Response({"function": request.method})


@api_view(["GET"])
@permission_classes([permissions.AllowAny])
def open_function(request):
    return Response({"function": "open"})
