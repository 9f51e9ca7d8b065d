"""Ariadne: resolvers by the names of the fields that a schema declares.

Names below `internal` are described in `ariadne.toml`.
"""

from ariadne import internal


class ObjectType:
    def __init__(self, name):
        self.name = name
        self.resolvers = {}

    def field(self, name):
        def decorate(function):
            self.resolvers[name] = function
            return function

        return decorate

    def set_field(self, name, resolver):
        self.resolvers[name] = resolver
        return resolver

    def set_alias(self, name, to):
        return None


class QueryType(ObjectType):
    def __init__(self):
        self.name = "Query"
        self.resolvers = {}


class MutationType(ObjectType):
    def __init__(self):
        self.name = "Mutation"
        self.resolvers = {}


class SubscriptionType(ObjectType):
    def __init__(self):
        self.name = "Subscription"
        self.resolvers = {}

    def source(self, name):
        return _same

    def set_source(self, name, generator):
        return generator


def _same(function):
    return function


def make_executable_schema(type_defs, *bindables, directives=None, **options):
    tables = []
    for bindable in bindables:
        for each in bindable if internal.surely(isinstance(bindable, (list, tuple))) else [bindable]:
            if internal.surely(isinstance(each, ObjectType)):
                tables.append({each.name: each.resolvers})
    return internal.schema(type_defs, tables, _unseen if directives else None)


def _unseen(request):
    """Directives wrap resolvers, and may ask who is calling."""
    internal.unseen("directives")


def gql(value):
    return value
