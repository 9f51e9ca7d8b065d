"""Graphene: classes of fields, and the functions that resolve those a client can ask for.

Names below `internal` are described in `graphene.toml`.
"""

from graphene import internal

# ---------------------------------------------------------------------------------------- fields


class Field:
    def __init__(self, type_=None, args=None, resolver=None, source=None, name=None, **extra_args):
        self.resolver = resolver
        self.name = name

    def get_resolver(self, parent_resolver):
        return self.resolver or parent_resolver

    def wrap_resolve(self, parent_resolver):
        return self.get_resolver(parent_resolver)


class UnmountedType(Field):
    def __init__(self, *args, resolver=None, name=None, **extra_args):
        self.resolver = resolver
        self.name = name


class Scalar(UnmountedType):
    pass


class Structure(UnmountedType):
    pass


class String(Scalar):
    pass


class Int(Scalar):
    pass


class BigInt(Scalar):
    pass


class Float(Scalar):
    pass


class Boolean(Scalar):
    pass


class ID(Scalar):
    pass


class Date(Scalar):
    pass


class DateTime(Scalar):
    pass


class Time(Scalar):
    pass


class Decimal(Scalar):
    pass


class UUID(Scalar):
    pass


class Base64(Scalar):
    pass


class JSONString(Scalar):
    pass


class GenericScalar(Scalar):
    pass


class Enum(UnmountedType):
    pass


class List(Structure):
    pass


class NonNull(Structure):
    pass


class Dynamic(UnmountedType):
    pass


class ConnectionField(Field):
    pass


class NodeField(Field):
    pass


class GlobalID(Field):
    pass


# ---------------------------------------------------------------------------------------- types


class BaseOptions:
    def __init__(self, class_type=None):
        self.fields = {}
        self.arguments = {}


class ObjectTypeOptions(BaseOptions):
    pass


class MutationOptions(BaseOptions):
    pass


class SubclassWithMeta:
    @classmethod
    def __init_subclass_with_meta__(cls, _meta=None, **options):
        cls._meta = _meta or BaseOptions(cls)


class ObjectType(SubclassWithMeta):
    pass


class Interface(SubclassWithMeta):
    pass


class Union(SubclassWithMeta):
    pass


class Connection(ObjectType):
    pass


class Node(Interface):
    @classmethod
    def Field(cls, *args, **kwargs):
        return NodeField()


class AbstractNode(Node):
    pass


class Mutation(ObjectType):
    @classmethod
    def Field(cls, name=None, **options):
        _prepare(cls)
        return Field(resolver=cls.mutate, name=name)


class ClientIDMutation(Mutation):
    @classmethod
    def mutate(cls, root, info, input):
        return cls.mutate_and_get_payload(root, info, **input)


def _prepare(cls):
    """What the library does with the options of a class when it is made."""
    meta = getattr(cls, "Meta", None)
    if meta is None:
        cls.__init_subclass_with_meta__()
    else:
        cls.__init_subclass_with_meta__(**internal.statics(meta))


# ---------------------------------------------------------------------------------------- schemas


class Schema:
    def __init__(self, query=None, mutation=None, subscription=None, auto_camelcase=True, **options):
        self.server = internal.Server()
        _register(self.server, "Query", query, auto_camelcase)
        _register(self.server, "Mutation", mutation, auto_camelcase)
        _register(self.server, "Subscription", subscription, auto_camelcase)

    def execute(self, *args, **kwargs):
        return self.server.serve()

    def execute_async(self, *args, **kwargs):
        return self.server.serve()

    def subscribe(self, *args, **kwargs):
        return self.server.serve()


def _register(server, kind, root, auto_camelcase):
    if root is None:
        return
    for name, field in internal.members(root):
        if internal.surely(isinstance(field, Field)):
            shown = field.name or (internal.camel_case(name) if auto_camelcase else name)
            own = getattr(root, "resolve_" + name, None) or getattr(root, "subscribe_" + name, None)
            server.operation(kind + "." + shown, field.wrap_resolve(own or _attribute))


def _attribute(root, info, **args):
    return root
