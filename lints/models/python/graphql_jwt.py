"""Tokens for Graphene: decorators of resolvers, and mutations by which callers get tokens."""

from django.core.exceptions import PermissionDenied
from graphene import ClientIDMutation, Mutation
from graphene import internal


def _passes(test):
    def decorate(function):
        def resolve(root, info, *args, **kwargs):
            if not test(info.context.user):
                raise PermissionDenied()
            return function(root, info, *args, **kwargs)

        return resolve

    return decorate


def user_passes_test(test_func, exc=None):
    return _passes(test_func)


def login_required(function):
    return _passes(lambda user: user.is_authenticated)(function)


def staff_member_required(function):
    return _passes(lambda user: user.is_staff)(function)


def superuser_required(function):
    return _passes(lambda user: user.is_superuser)(function)


def permission_required(perm, exc=None):
    return _passes(lambda user: user.has_perms(perm))


class ObtainJSONWebToken(Mutation):
    @classmethod
    def mutate(cls, root, info, **args):
        return internal.log_in(args)


class Verify(Mutation):
    @classmethod
    def mutate(cls, root, info, **args):
        return args


class Refresh(Verify):
    pass


class Revoke(Verify):
    pass


class DeleteJSONWebTokenCookie(Verify):
    pass


class DeleteRefreshTokenCookie(Verify):
    pass
