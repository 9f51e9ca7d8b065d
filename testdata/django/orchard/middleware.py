from django.http import HttpResponse


class CellarMiddleware:
    """Nobody without an account goes down into the cellar."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/cellar/") and not request.user.is_authenticated:
            return HttpResponse("who are you", status=401)
        return self.get_response(request)
