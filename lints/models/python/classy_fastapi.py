"""Classy FastAPI: classes that make a router of the operations among their methods.

Names below `internal` are described in `classy_fastapi.toml`.
"""

from classy_fastapi import internal
from fastapi import APIRouter


class Routable:
    def __init__(self, *args, **kwargs):
        self.router = APIRouter(*args, **kwargs)
        for name, method in internal.members(type(self)):
            operation = getattr(method, "operation", None)
            if operation is not None:
                path, methods, settings = operation
                self.router.add_api_route(path, getattr(self, name), methods=methods, **settings)


def route(path, *, methods=None, **settings):
    def decorator(method):
        method.operation = (path, methods or ["GET"], settings)
        return method

    return decorator


def get(path, **settings):
    return route(path, methods=["GET"], **settings)


def post(path, **settings):
    return route(path, methods=["POST"], **settings)


def put(path, **settings):
    return route(path, methods=["PUT"], **settings)


def patch(path, **settings):
    return route(path, methods=["PATCH"], **settings)


def delete(path, **settings):
    return route(path, methods=["DELETE"], **settings)
