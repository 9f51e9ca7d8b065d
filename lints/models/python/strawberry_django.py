"""Strawberry for Django's models: fields, changes and permissions."""

from strawberry import Field
from strawberry import internal


def field(resolver=None, *, name=None, permission_classes=None, extensions=None, **options):
    return Field(resolver, name, permission_classes, extensions)


def mutation(resolver=None, *, name=None, permission_classes=None, extensions=None, **options):
    return Field(resolver, name, permission_classes, extensions)


def input_mutation(resolver=None, *, name=None, permission_classes=None, extensions=None, **options):
    return Field(resolver, name, permission_classes, extensions)


def connection(*args, resolver=None, name=None, permission_classes=None, extensions=None, **options):
    return Field(resolver, name, permission_classes, extensions)


def offset_paginated(*args, resolver=None, name=None, permission_classes=None, extensions=None, **options):
    return Field(resolver, name, permission_classes, extensions)


def node(*args, name=None, permission_classes=None, extensions=None, **options):
    return Field(None, name, permission_classes, extensions)


def create(*args, name=None, permission_classes=None, extensions=None, **options):
    return Field(_change, name, permission_classes, extensions)


def update(*args, name=None, permission_classes=None, extensions=None, **options):
    return Field(_change, name, permission_classes, extensions)


def delete(*args, name=None, permission_classes=None, extensions=None, **options):
    return Field(_change, name, permission_classes, extensions)


def _change(data):
    return internal.store(data)


def type(model=None, **options):
    return _same


def input(model=None, **options):
    return _same


def partial(model=None, **options):
    return _same


def filter_type(model=None, **options):
    return _same


def _same(cls):
    return cls


class _Extension:
    def __init__(self, *args, **options):
        self.perms = args

    def resolve(self, next_, source, info, **kwargs):
        if not self.passes(info.context.request.user):
            raise internal.PermissionError()
        return next_(source, info, **kwargs)


class IsAuthenticated(_Extension):
    def passes(self, user):
        return user.is_authenticated


class IsStaff(_Extension):
    def passes(self, user):
        return user.is_staff


class IsSuperuser(_Extension):
    def passes(self, user):
        return user.is_superuser


class HasPerm(_Extension):
    def passes(self, user):
        return user.has_perms(self.perms)
