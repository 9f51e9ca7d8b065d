"""Graphene in Django: the view that answers queries, and types made of models."""

from django.conf import settings
from django.utils.module_loading import import_string
from django.views import View
from graphene import ClientIDMutation, Field, ObjectType
from graphene import internal


class GraphQLView(View):
    schema = None
    middleware = None

    def get_context(self, request):
        return request

    def dispatch(self, request, *args, **kwargs):
        own = getattr(settings, "GRAPHENE", None) or {}
        for name in self.middleware or own.get("MIDDLEWARE", []):
            _pass(import_string(name))
        schema = self.schema or import_string(own.get("SCHEMA"))
        return schema.server.serve()


def _pass(middleware):
    if internal.is_class(middleware):
        middleware = middleware()
    resolve = getattr(middleware, "resolve", None) or middleware
    resolve(_next, None, internal.info)


def _next(root, info, **args):
    return None


class DjangoObjectType(ObjectType):
    pass


class DjangoListField(Field):
    pass


class DjangoConnectionField(Field):
    pass


class DjangoFilterConnectionField(Field):
    pass


class DjangoFormMutation(ClientIDMutation):
    @classmethod
    def mutate_and_get_payload(cls, root, info, **input):
        return cls.perform_mutate(internal.Form(input), info)

    @classmethod
    def perform_mutate(cls, form, info):
        return form.save()


class DjangoModelFormMutation(DjangoFormMutation):
    pass


class SerializerMutation(ClientIDMutation):
    @classmethod
    def mutate_and_get_payload(cls, root, info, **input):
        serializer = internal.Form(input)
        return cls.perform_mutate(serializer, info)

    @classmethod
    def perform_mutate(cls, serializer, info):
        return serializer.save()
