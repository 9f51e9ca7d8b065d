import os
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

bearer = HTTPBearer()
maybe_bearer = HTTPBearer(auto_error=False)


def read_token(token: str) -> dict:
    return jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])


def current_user(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> dict:
    try:
        return read_token(credentials.credentials)
    except jwt.PyJWTError:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "sign in first")


CurrentUser = Annotated[dict, Depends(current_user)]


def visitor(credentials: HTTPAuthorizationCredentials | None = Depends(maybe_bearer)) -> dict | None:
    """Whoever it is, or nobody."""
    if credentials is None:
        return None
    try:
        return read_token(credentials.credentials)
    except jwt.PyJWTError:
        return None


class RequireRole:
    def __init__(self, role: str):
        self.role = role

    def __call__(self, user: CurrentUser) -> dict:
        if user.get("role") != self.role:
            raise HTTPException(status.HTTP_403_FORBIDDEN, "not for you")
        return user


harbour_master = RequireRole("harbour-master")
