"""Routers below other routers: `NestedSimpleRouter(router, "orders", lookup="order")`."""

from rest_framework import internal
from rest_framework.routers import SimpleRouter


class NestedSimpleRouter(SimpleRouter):
    def __init__(self, parent_router, parent_prefix, *args, lookup=None, trailing_slash=True, **kwargs):
        self.trailing_slash = "/" if trailing_slash else ""
        self.registry = []
        self.parent_router = parent_router
        self.parent_prefix = parent_prefix
        self.lookup = lookup or "nested"

    def register(self, prefix, viewset, basename=None, base_name=None):
        self.registry.append((prefix, viewset, basename, self.make_routes(self.parent_path() + "/" + prefix, viewset)))

    def parent_path(self):
        for entry in self.parent_router.registry:
            if entry[0] == self.parent_prefix:
                name = getattr(entry[1], "lookup_url_kwarg", None) or getattr(entry[1], "lookup_field", None) or "pk"
                return self.around() + self.parent_prefix + "/<" + self.lookup + "_" + name + ">"
        return self.around() + self.parent_prefix + "/<" + self.lookup + "_pk>"

    def around(self):
        outer = getattr(self.parent_router, "parent_path", None)
        if outer is None:
            return ""
        return self.parent_router.parent_path() + "/"


class NestedDefaultRouter(NestedSimpleRouter):
    pass


NestedMixin = SimpleRouter
