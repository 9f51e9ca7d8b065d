from functools import wraps

from fastapi import APIRouter, Depends, HTTPException, Request

from ..schemas import Note
from ..security import bearer, read_token

router = APIRouter(prefix="/logbook")


def signed_in(view):
    @wraps(view)
    async def wrapper(request: Request, *args, **kwargs):
        try:
            read_token(request.headers.get("authorization", "").removeprefix("Bearer "))
        except Exception:
            raise HTTPException(401, "sign in first")
        return await view(request, *args, **kwargs)

    return wrapper


@router.get("/pages")
@signed_in
async def pages(request: Request):
    return []


# The decorator stands above the route, so the route knows nothing of it.
@signed_in
@router.post("/pages")
async def write(request: Request, note: Note):
    return {"name": note.name}


# The scheme asks for a token and does not look at it.
@router.get("/seal")
async def seal(token=Depends(bearer)):
    return {"sealed": True}
