"""connexion: operations of an API description, and the functions that they name.

Names below `internal` are described in `connexion.toml`. The description decides over everything: which addresses there
are, what is checked of their input, who may call them, and where the function stands that answers.
"""

import flask
from connexion import internal, security

_METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]


# ---------------------------------------------------------------------------------------- applications


class AbstractApp:
    def __init__(self, import_name, *args, specification_dir="", resolver=None, **kwargs):
        self.specification_dir = specification_dir
        self.resolver = resolver
        self.app = None
        self.server = self.make_server(import_name)

    def make_server(self, import_name):
        return internal.Site()

    def add_api(self, specification, base_path=None, *args, resolver=None, **kwargs):
        spec = internal.document(specification, self.specification_dir)
        if internal.is_known(spec):
            operations = _Reader(spec, base_path, _as_resolver(resolver or self.resolver)).read()
            internal.serve(self.server, operations)
        return None

    def add_middleware(self, middleware_class, *args, **options):
        internal.use(self.server, middleware_class)

    def add_error_handler(self, code_or_exception, function):
        return None

    def run(self, *args, **kwargs):
        return None


class FlaskApp(AbstractApp):
    def make_server(self, import_name):
        self.app = flask.Flask(import_name)
        return self.app

    def route(self, rule, **options):
        return self.app.route(rule, **options)

    def add_url_rule(self, rule, endpoint=None, view_func=None, **options):
        return self.app.add_url_rule(rule, endpoint, view_func, **options)


App = FlaskApp


class AsyncApp(AbstractApp):
    pass


class AioHttpApp(AbstractApp):
    pass


# ---------------------------------------------------------------------------------------- resolvers


class Operation:
    """An operation, as far as resolvers ask for it."""

    def __init__(self, path, method, told):
        self.path = path
        self.method = method
        self.operation_id = told.get("operationId")
        self.router_controller = told.get("x-openapi-router-controller") or told.get("x-swagger-router-controller")


class Resolution:
    def __init__(self, function, operation_id):
        self.function = function
        self.operation_id = operation_id


class Resolver:
    def __init__(self, function_resolver=internal.function):
        self.function_resolver = function_resolver

    def resolve(self, operation):
        operation_id = self.resolve_operation_id(operation)
        return Resolution(self.resolve_function_from_operation_id(operation_id), operation_id)

    def resolve_operation_id(self, operation):
        if operation.router_controller:
            return operation.router_controller + "." + operation.operation_id
        return operation.operation_id

    def resolve_function_from_operation_id(self, operation_id):
        return self.function_resolver(operation_id)


class RelativeResolver(Resolver):
    def __init__(self, root_path, function_resolver=internal.function):
        self.function_resolver = function_resolver
        self.root_path = root_path

    def resolve_operation_id(self, operation):
        return (operation.router_controller or self.root_path) + "." + operation.operation_id


class RestyResolver(Resolver):
    def __init__(self, default_module_name, *, collection_endpoint_name="search"):
        self.function_resolver = internal.function
        self.default_module_name = default_module_name
        self.collection_endpoint_name = collection_endpoint_name

    def resolve_operation_id(self, operation):
        if operation.operation_id:
            return super().resolve_operation_id(operation)
        return self.resolve_operation_id_using_rest_semantics(operation)

    def resolve_operation_id_using_rest_semantics(self, operation):
        named = []
        is_collection = False
        for component in operation.path.split("/"):
            if component:
                is_collection = not component.startswith("{")
                if is_collection:
                    named.append(component.replace("-", "_"))
        name = self.default_module_name
        if operation.router_controller:
            name = operation.router_controller
        elif named:
            name = name + "." + ".".join(named)
        if operation.method == "get" and is_collection:
            return name + "." + self.collection_endpoint_name
        return name + "." + operation.method


class MethodResolverBase(RestyResolver):
    def __init__(self, *args, class_arguments=None, **kwargs):
        super().__init__(*args, **kwargs)

    def resolve_operation_id(self, operation):
        if operation.operation_id:
            return super().resolve_operation_id(operation)
        parts = self.resolve_operation_id_using_rest_semantics(operation).split(".")
        view = ""
        for resource in parts[-2:-1]:
            for word in resource.split("_"):
                view = view + word[0:1].upper() + word[1:]
        return ".".join(parts[0:-2] + [view + "View"] + parts[-1:])

    def resolve_function_from_operation_id(self, operation_id):
        parts = operation_id.split(".")
        owner = internal.function(".".join(parts[0:-1]))
        for name in parts[-1:]:
            if internal.is_seen(owner):
                return getattr(owner(), name)
        return self.function_resolver(operation_id)


class MethodResolver(MethodResolverBase):
    pass


class MethodViewResolver(MethodResolverBase):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.collection_endpoint_name = "get"


def _as_resolver(resolver):
    if resolver is None:
        return Resolver()
    if hasattr(resolver, "resolve"):
        return resolver
    return Resolver(resolver)


# ---------------------------------------------------------------------------------------- descriptions


class _Reader:
    """Reads the operations of a description."""

    def __init__(self, spec, base_path, resolver):
        self.spec = spec
        self.resolver = resolver
        self.base_path = _without_slash(base_path or _base_path(spec))
        components = spec.get("components") or {}
        self.schemes = components.get("securitySchemes") or spec.get("securityDefinitions") or {}

    def read(self):
        operations = internal.Operations()
        for path, item in self.spec.get("paths").items():
            item = internal.follow(item, "$ref")
            for method in _METHODS:
                told = internal.follow(getattr(item, method, None), "$ref")
                if told:
                    self.add(path, method, item, told)
                    operations.register(told)
        return operations

    def add(self, path, method, item, told):
        requirements = told.get("security")
        if requirements is None:
            requirements = self.spec.get("security")
        told.method = method.upper()
        told.check = self.check_of(requirements)
        parameters = self.parameters_of(item, told)
        address = path
        for parameter in parameters:
            schema = _schema_of(parameter)
            if parameter.get("in") == "path" and (schema.get("format") == "path" or schema.get("type") == "path"):
                address = address.replace("{" + parameter.get("name") + "}", "{" + parameter.get("name") + ":path}")
        told.address = self.base_path + address
        function = self.resolver.resolve(Operation(path, method, told)).function
        told.answer = _answer(parameters, self.body_of(told, parameters), function)

    def parameters_of(self, item, told):
        parameters = []
        for source in (item, told):
            for parameter in getattr(source, "parameters", None) or []:
                parameters.append(internal.follow(parameter, "$ref"))
        return parameters

    def body_of(self, told, parameters):
        """What the body is checked against."""
        body = internal.follow(told.get("requestBody"), "$ref")
        if body:
            for media, content in (body.get("content") or {}).items():
                return internal.follow(content.get("schema"), "$ref")
        for parameter in parameters:
            if parameter.get("in") == "body":
                return internal.follow(parameter.get("schema"), "$ref")
            if parameter.get("in") == "formData":
                return parameter
        return None

    def check_of(self, requirements):
        """The function that asks who calls; none where everybody may. Each alternative is a list of checks."""
        if not requirements:
            return None
        alternatives = []
        checks = []
        for requirement in requirements:
            checks = []
            for name, scopes in requirement.items():
                checks.append(_check(internal.follow(self.schemes.get(name), "$ref"), scopes))
            alternatives.append(checks)
        return _first_of(alternatives[0:-1], checks)


def _base_path(spec):
    if spec.get("basePath"):
        return _without_slash(spec.get("basePath"))
    for server in spec.get("servers") or []:
        url = server.get("url")
        for name, variable in (server.get("variables") or {}).items():
            url = url.replace("{" + name + "}", variable.get("default"))
        behind_scheme = url.split("://")[1:]
        if behind_scheme:
            segments = behind_scheme[0].split("/")[1:]
            return _without_slash("/" + "/".join(segments))
        return _without_slash(url)
    return ""


def _without_slash(path):
    return path[0:-1] if path.endswith("/") else path


def _schema_of(parameter):
    return internal.follow(parameter.get("schema"), "$ref") or parameter


_RESTRICTIONS = [
    "properties", "items", "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "allOf", "oneOf", "anyOf", "not",
]


def _restricts(schema):
    """The schema refuses something that a client may send."""
    if not schema:
        return False
    kind = schema.get("type")
    if kind == "integer" or kind == "number" or kind == "boolean" or schema.get("additionalProperties") == False:
        return True
    for restriction in _RESTRICTIONS:
        if schema.get(restriction) is not None:
            return True
    return False


# ---------------------------------------------------------------------------------------- what runs for a request


def _first_of(others, last):
    def check(call):
        for checks in others:
            if internal.presents(checks):
                for verify in checks:
                    verify(call)
                return None
        for verify in last:
            verify(call)
        return None

    return check


def _check(scheme, scopes):
    if not scheme:
        return _not_seen("the security scheme")
    kind = scheme.get("type")
    if kind == "oauth2" and not scheme.get("x-tokenInfoFunc"):
        if scheme.get("x-tokenInfoUrl"):
            return _known_to_server(scopes)
        return _not_seen("x-tokenInfoFunc")
    if kind == "oauth2":
        return _verified_by(scheme.get("x-tokenInfoFunc"), _token, scopes)
    if kind == "basic" or kind == "http" and scheme.get("scheme").lower() == "basic":
        return _verified_by(scheme.get("x-basicInfoFunc"), _name_and_password, [])
    if kind == "apiKey" and (scheme.get("x-authentication-scheme") or "").lower() != "bearer":
        return _verified_by(scheme.get("x-apikeyInfoFunc"), _token, [])
    return _verified_by(scheme.get("x-bearerInfoFunc"), _token, [])


def _token():
    return [internal.token()]


def _name_and_password():
    return [internal.token(), internal.token()]


def _verified_by(name, presented, scopes):
    """Without a name, the environment may name the function."""
    if not name:
        return _not_seen("a function that the environment may name")
    function = internal.function(name)
    if not internal.is_seen(function):
        return _not_seen(name)

    def verify(call):
        refusals = internal.refusals()
        claims = function(*presented())
        refuses = not internal.surely(claims) or internal.refusals() != refusals
        if not claims:
            raise OAuthProblem()
        if refuses:
            security.verify_function(claims)
            call.caller = internal.caller()
            if scopes:
                security.verify_scopes(scopes)
        return None

    return verify


def _known_to_server(scopes):
    def verify(call):
        security.verify_by_server()
        call.caller = internal.caller()
        if scopes:
            security.verify_scopes(scopes)
        return None

    return verify


def _not_seen(name):
    def verify(call):
        internal.unseen(name)
        return None

    return verify


class OAuthProblem(Exception):
    pass


def _answer(parameters, body, function):
    def operation(call):
        values = {"body": _checked(body, internal.body()), "user": call.caller, "token_info": call.caller}
        for parameter in parameters:
            name = parameter.get("name")
            place = parameter.get("in")
            if place == "path":
                values[name.replace("-", "_")] = _checked(_schema_of(parameter), internal.path(name))
            if place == "query":
                values[name.replace("-", "")] = _checked(_schema_of(parameter), internal.query(name))
            if place == "formData":
                values[name.replace("-", "")] = _checked(parameter, internal.field(name))
            if place == "body":
                values[name.replace("-", "")] = values["body"]
        return function(**values)

    return operation


def _checked(schema, value):
    if _restricts(schema):
        kind = schema.get("type")
        internal.checked(value)
        if kind == "integer" or kind == "number" or kind == "boolean":
            return int(value)
    return value
