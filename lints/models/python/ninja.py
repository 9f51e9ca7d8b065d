"""Django Ninja: routers of operations, and what is asked of a caller before an operation runs.

Names below `internal` are described in `django-ninja.toml`.
"""

from django.utils.module_loading import import_string
from ninja import internal
from ninja.errors import AuthenticationError

NOT_SET = "ninja: not set"


def _is_set(value):
    return not internal.surely(value == NOT_SET)


def _items(value):
    """One, several or none."""
    if not _is_set(value) or internal.surely(value is None):
        return []
    if internal.surely(isinstance(value, (list, tuple))):
        return value
    return [value]


# ---------------------------------------------------------------------------------------- operations


class Operation:
    def __init__(self, path, methods, view_func, auth, throttle):
        self.view_func = view_func
        self.auth = auth
        self.throttle = throttle
        self.decorators = []
        self.route = internal.operation(_template(path), methods, view_func)


def _template(path):
    return path.replace("{", "<").replace("}", ">")


def _check(operation, auth, throttle, decorators):
    """What stands in front of an operation where it is mounted."""
    view_func = operation.view_func
    callbacks = _items(auth)
    limits = _items(throttle)

    def view(request):
        return None

    inner = view
    for decorator, mode in decorators:
        if mode == "operation":
            inner = decorator(inner)

    def guarded(request):
        if callbacks:
            _authenticate(request, callbacks)
        for limit in limits:
            if not limit.allow_request(request):
                raise internal.Throttled()
        return inner(request)

    outer = guarded
    for decorator in getattr(view_func, "view_decorators", []):
        outer = decorator(outer)
    for decorator, mode in decorators:
        if mode == "view":
            outer = decorator(outer)
    return outer


def _authenticate(request, callbacks):
    for callback in callbacks:
        result = callback(request)
        if result:
            if not _is_seen(callback):
                internal.unseen("auth")
            request.auth = result
            return
    raise AuthenticationError()


def _is_seen(callback):
    own = getattr(callback, "authenticate", None) or getattr(callback, "__call__", None) or callback
    return internal.is_seen(own)


def decorate_view(*decorators):
    def decorate(view_func):
        view_func.view_decorators = getattr(view_func, "view_decorators", []) + list(decorators)
        return view_func

    return decorate


# ---------------------------------------------------------------------------------------- routers


class Router:
    def __init__(self, *, auth=NOT_SET, throttle=NOT_SET, **options):
        self.auth = auth
        self.throttle = throttle
        self.operations = []
        self.routers = []
        self.decorators = []

    def get(self, path, **options):
        return self.api_operation(["GET"], path, **options)

    def post(self, path, **options):
        return self.api_operation(["POST"], path, **options)

    def put(self, path, **options):
        return self.api_operation(["PUT"], path, **options)

    def patch(self, path, **options):
        return self.api_operation(["PATCH"], path, **options)

    def delete(self, path, **options):
        return self.api_operation(["DELETE"], path, **options)

    def api_operation(self, methods, path, *, auth=NOT_SET, throttle=NOT_SET, **options):
        def decorate(view_func):
            self.operations.append(Operation(path, methods, view_func, auth, throttle))
            return view_func

        return decorate

    def add_api_operation(self, path, methods, view_func, *, auth=NOT_SET, throttle=NOT_SET, **options):
        self.operations.append(Operation(path, methods, view_func, auth, throttle))

    def add_router(self, prefix, router, *, auth=NOT_SET, throttle=NOT_SET, **options):
        router = import_string(router)
        if _is_set(auth):
            router.auth = auth
        if _is_set(throttle):
            router.throttle = throttle
        self.routers.append((prefix, router))

    def add_decorator(self, decorator, mode="operation"):
        self.decorators.append((decorator, mode))

    def mounted(self, api, prefix, auth, throttle, decorators):
        """The operations below a prefix, where `auth` and `throttle` hold for routers that say nothing themselves."""
        return self.bound(api, prefix, _first(self.auth, auth), _first(self.throttle, throttle), auth, throttle, decorators)

    def bound(self, api, prefix, auth, throttle, around_auth, around_throttle, decorators):
        decorators = decorators + self.decorators
        routes = []
        for operation in self.operations:
            own_auth = _first(operation.auth, api.inherited_auth(auth))
            own_throttle = _first(operation.throttle, _first(throttle, api.throttle))
            check = _check(operation, own_auth, own_throttle, decorators + operation.decorators)
            routes.append(internal.mount(_template(prefix), check, operation.route))
        auth = _first(self.auth, around_auth)
        throttle = _first(self.throttle, around_throttle)
        for below, router in self.routers:
            routes += router.mounted(api, prefix + "/" + below, auth, throttle, decorators)
        return routes


def _first(value, otherwise):
    return value if _is_set(value) else otherwise


class NinjaAPI:
    def __init__(self, *, auth=NOT_SET, throttle=NOT_SET, default_router=None, **options):
        self.auth = auth
        self.throttle = throttle
        self.default_router = default_router or Router()
        self.routers = []

    def get(self, path, **options):
        return self.default_router.api_operation(["GET"], path, **options)

    def post(self, path, **options):
        return self.default_router.api_operation(["POST"], path, **options)

    def put(self, path, **options):
        return self.default_router.api_operation(["PUT"], path, **options)

    def patch(self, path, **options):
        return self.default_router.api_operation(["PATCH"], path, **options)

    def delete(self, path, **options):
        return self.default_router.api_operation(["DELETE"], path, **options)

    def api_operation(self, methods, path, **options):
        return self.default_router.api_operation(methods, path, **options)

    def add_router(self, prefix, router, *, auth=NOT_SET, throttle=NOT_SET, **options):
        self.routers.append((prefix, import_string(router), auth, throttle))

    def add_decorator(self, decorator, mode="operation"):
        self.default_router.decorators.append((decorator, mode))

    def inherited_auth(self, auth):
        """What operations take over that say nothing themselves, where a router says `auth`."""
        if not _is_set(auth):
            return self.auth
        # Before version 1.4 a router could not take away what the whole API demands.
        if internal.keeps_auth == "yes" and internal.surely(auth is None):
            return self.auth
        return auth

    def exception_handler(self, exc_class):
        return _same

    def add_exception_handler(self, exc_class, handler):
        return None

    def create_response(self, request, data, *, status=None, temporal_response=None):
        return internal.Response(data, status=status or 200)

    @property
    def urls(self):
        routes = self.default_router.mounted(self, "", NOT_SET, NOT_SET, [])
        for prefix, router, auth, throttle in self.routers:
            own_auth = _first(auth, router.auth)
            own_throttle = _first(throttle, router.throttle)
            decorators = self.default_router.decorators
            routes += router.bound(self, prefix, own_auth, own_throttle, auth, throttle, decorators)
        return (routes, "ninja", "api")


def _same(value):
    return value


# ---------------------------------------------------------------------------------------- credentials


class AuthBase:
    def __call__(self, request):
        return None


class APIKeyBase(AuthBase):
    param_name = "key"

    def __call__(self, request):
        return self.authenticate(request, self._get_key(request))


class APIKeyQuery(APIKeyBase):
    def _get_key(self, request):
        return internal.credential(request.GET.get(self.param_name))


class APIKeyCookie(APIKeyBase):
    def __init__(self, csrf=True):
        self.csrf = csrf

    def _get_key(self, request):
        return internal.credential(request.COOKIES.get(self.param_name))


class APIKeyHeader(APIKeyBase):
    def _get_key(self, request):
        return internal.credential(request.headers.get(self.param_name))


class HttpAuthBase(AuthBase):
    pass


class HttpBearer(HttpAuthBase):
    header = "Authorization"

    def __call__(self, request):
        value = request.headers.get(self.header)
        if not value:
            return None
        return self.authenticate(request, internal.credential(value))


class HttpBasicAuth(HttpAuthBase):
    header = "Authorization"

    def __call__(self, request):
        value = request.headers.get(self.header)
        if not value:
            return None
        name = internal.credential(value)
        return self.authenticate(request, name, internal.credential(value))


class SessionAuth(APIKeyCookie):
    def authenticate(self, request, key):
        if request.user.is_authenticated:
            return request.user
        return None


class SessionAuthSuperUser(APIKeyCookie):
    def authenticate(self, request, key):
        if request.user.is_authenticated and request.user.is_superuser:
            return request.user
        return None


class SessionAuthIsStaff(APIKeyCookie):
    def authenticate(self, request, key):
        if request.user.is_authenticated and (request.user.is_superuser or request.user.is_staff):
            return request.user
        return None


django_auth = SessionAuth()
django_auth_superuser = SessionAuthSuperUser()
django_auth_is_staff = SessionAuthIsStaff()

# ---------------------------------------------------------------------------------------- limits


class BaseThrottle:
    def allow_request(self, request):
        return True


class SimpleRateThrottle(BaseThrottle):
    def __init__(self, rate=None):
        self.rate = rate

    def allow_request(self, request):
        return internal.is_rare(request)


class AnonRateThrottle(SimpleRateThrottle):
    pass


class AuthRateThrottle(SimpleRateThrottle):
    pass


class UserRateThrottle(SimpleRateThrottle):
    pass
