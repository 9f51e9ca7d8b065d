"""Django Ninja Extra: classes of operations, and permissions that are asked before each of them."""

from django.conf import settings
from importlib import import_module
from ninja import NOT_SET, NinjaAPI, Operation, Router
from ninja import internal
from rest_framework import permissions as rest_permissions

_controllers = []


class ControllerBase:
    context = internal.Context()

    def check_object_permissions(self, obj):
        return None

    def get_object_or_exception(self, klass, error_message=None, exception=None, **kwargs):
        return internal.find(klass, **kwargs)

    def get_object_or_none(self, klass, **kwargs):
        return internal.find(klass, **kwargs)

    def create_response(self, message, status_code=200, **kwargs):
        return internal.Response(message, status=status_code)


class APIController(Router):
    def __init__(self, prefix, auth, throttle, permissions):
        super().__init__(auth=auth, throttle=throttle)
        self.prefix = prefix
        self.permissions = permissions or []

    def __call__(self, cls):
        for name, func in internal.members(cls):
            operation = getattr(func, "ninja_operation", None)
            if operation is not None:
                asked = func.ninja_permissions or self.permissions
                operation.decorators = [(_permitted(asked), "operation")]
                self.operations.append(operation)
        cls.api_controller = self
        _controllers.append(cls)
        return cls


def _permitted(permissions):
    def decorate(view):
        def check(request):
            for permission in permissions:
                if not permission().has_permission(request, None):
                    raise internal.PermissionDenied()
            return view(request)

        return check

    return decorate


def api_controller(prefix_or_class="", *, auth=NOT_SET, throttle=NOT_SET, permissions=None, **options):
    if internal.is_seen(prefix_or_class):
        return APIController("", NOT_SET, NOT_SET, None)(prefix_or_class)
    return APIController(prefix_or_class, auth, throttle, permissions)


def _operation(methods, path, auth, throttle, permissions):
    def decorate(view_func):
        view_func.ninja_operation = Operation(path, methods, view_func, auth, throttle)
        view_func.ninja_permissions = permissions
        return view_func

    return decorate


def http_get(path="", *, auth=NOT_SET, throttle=NOT_SET, permissions=None, **options):
    return _operation(["GET"], path, auth, throttle, permissions)


def http_post(path="", *, auth=NOT_SET, throttle=NOT_SET, permissions=None, **options):
    return _operation(["POST"], path, auth, throttle, permissions)


def http_put(path="", *, auth=NOT_SET, throttle=NOT_SET, permissions=None, **options):
    return _operation(["PUT"], path, auth, throttle, permissions)


def http_patch(path="", *, auth=NOT_SET, throttle=NOT_SET, permissions=None, **options):
    return _operation(["PATCH"], path, auth, throttle, permissions)


def http_delete(path="", *, auth=NOT_SET, throttle=NOT_SET, permissions=None, **options):
    return _operation(["DELETE"], path, auth, throttle, permissions)


def http_generic(path="", *, methods, auth=NOT_SET, throttle=NOT_SET, permissions=None, **options):
    return _operation(methods, path, auth, throttle, permissions)


class _Route:
    def get(self, path="", **options):
        return http_get(path, **options)

    def post(self, path="", **options):
        return http_post(path, **options)

    def put(self, path="", **options):
        return http_put(path, **options)

    def patch(self, path="", **options):
        return http_patch(path, **options)

    def delete(self, path="", **options):
        return http_delete(path, **options)

    def generic(self, path="", **options):
        return http_generic(path, **options)


route = _Route()


class NinjaExtraAPI(NinjaAPI):
    def register_controllers(self, *controllers):
        for controller in controllers:
            own = controller.api_controller
            self.add_router(own.prefix, own)

    def auto_discover_controllers(self):
        for app in settings.INSTALLED_APPS:
            import_module(app + ".api")
            import_module(app + ".controllers")
        self.register_controllers(*_controllers)


BasePermission = rest_permissions.BasePermission
AllowAny = rest_permissions.AllowAny
IsAuthenticated = rest_permissions.IsAuthenticated
IsAdminUser = rest_permissions.IsAdminUser
IsAuthenticatedOrReadOnly = rest_permissions.IsAuthenticatedOrReadOnly
