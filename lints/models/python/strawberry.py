"""Strawberry: classes whose fields say how they are resolved, and who may ask for them.

Names below `internal` are described in `strawberry-graphql.toml`.
"""

from strawberry import internal


class Field:
    def __init__(self, resolver, name, permission_classes, extensions):
        self.resolver = resolver
        self.name = name
        self.permission_classes = permission_classes or []
        self.extensions = extensions or []

    def __call__(self, resolver):
        self.resolver = resolver
        return self


def field(resolver=None, *, name=None, permission_classes=None, extensions=None, **options):
    return Field(resolver, name, permission_classes, extensions)


def mutation(resolver=None, *, name=None, permission_classes=None, extensions=None, **options):
    return Field(resolver, name, permission_classes, extensions)


def subscription(resolver=None, *, name=None, permission_classes=None, extensions=None, **options):
    return Field(resolver, name, permission_classes, extensions)


def connection(graphql_type=None, *, resolver=None, name=None, permission_classes=None, extensions=None, **options):
    return Field(resolver, name, permission_classes, extensions)


def node(*, name=None, permission_classes=None, extensions=None, **options):
    return Field(None, name, permission_classes, extensions)


def type(cls=None, **options):
    return _same if cls is None else cls


def input(cls=None, **options):
    return _same if cls is None else cls


def interface(cls=None, **options):
    return _same if cls is None else cls


def enum(cls=None, **options):
    return _same if cls is None else cls


def _same(cls):
    return cls


# ---------------------------------------------------------------------------------------- permissions


class BasePermission:
    message = None

    def has_permission(self, source, info, **kwargs):
        raise NotImplementedError()

    def on_unauthorized(self):
        raise internal.PermissionError()


class FieldExtension:
    pass


class SchemaExtension:
    pass


class PermissionExtension(FieldExtension):
    def __init__(self, permissions, use_directives=True, fail_silently=False):
        self.permissions = permissions

    def resolve(self, next_, source, info, **kwargs):
        for permission in self.permissions:
            if not permission.has_permission(source, info, **kwargs):
                raise internal.PermissionError()
        return next_(source, info, **kwargs)


def _guard(field, extensions):
    """What stands in front of a resolver."""

    def guard(info):
        for permission in field.permission_classes:
            if not permission().has_permission(None, info):
                raise internal.PermissionError()
        for extension in extensions + field.extensions:
            resolve = getattr(extension, "resolve", None) or getattr(extension, "resolve_async", None)
            if internal.is_seen(resolve):
                resolve(_next, None, info)

    return guard


def _next(source, info, **kwargs):
    return None


# ---------------------------------------------------------------------------------------- schemas


class StrawberryConfig:
    def __init__(self, auto_camel_case=True, **options):
        self.auto_camel_case = auto_camel_case


class Schema:
    def __init__(self, query=None, mutation=None, subscription=None, config=None, extensions=None, **options):
        self.server = internal.Server()
        camel = getattr(config, "auto_camel_case", True) if config else True
        made = [each() if internal.is_class(each) else each for each in extensions or []]
        _register(self.server, "Query", query, camel, made)
        _register(self.server, "Mutation", mutation, camel, made)
        _register(self.server, "Subscription", subscription, camel, made)

    def execute(self, *args, **kwargs):
        return self.server.serve()

    def execute_sync(self, *args, **kwargs):
        return self.server.serve()


def _register(server, kind, roots, camel, extensions):
    if roots is None:
        return
    if not internal.surely(isinstance(roots, (list, tuple))):
        roots = [roots]
    for root in roots:
        for name, field in internal.members(root):
            if internal.surely(isinstance(field, Field)):
                shown = field.name or (internal.camel_case(name) if camel else name)
                server.operation(kind + "." + shown, _guard(field, extensions), field.resolver or _attribute)


def _attribute():
    return None


def merge_types(name, types):
    return types
