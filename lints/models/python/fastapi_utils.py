"""FastAPI Utilities: classes whose methods are operations."""

from fastapi import Depends


def cbv(router, *urls):
    def decorator(cls):
        # The instance is made of what the fields of the class ask for.
        cls.__signature__ = Depends(cls)
        return cls

    return decorator
