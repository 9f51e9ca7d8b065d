from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse

from .routers import berths, dues, logbook, ships
from .security import current_user, harbour_master, read_token

app = FastAPI(title="Harbour")
lighthouse = FastAPI(dependencies=[Depends(current_user)])
beacon = FastAPI()


@app.middleware("http")
async def guard_the_office(request: Request, call_next):
    if request.url.path.startswith("/office"):
        try:
            read_token(request.headers.get("authorization", "").removeprefix("Bearer "))
        except Exception:
            return JSONResponse({"detail": "sign in first"}, status_code=401)
    return await call_next(request)


@app.get("/health")
def health():
    return {"ok": True}


@app.get("/office/keys")
def keys():
    return []


app.include_router(ships.router)
app.include_router(berths.router)
app.include_router(logbook.router)

# One router, two places, one guard.
app.include_router(dues.router, prefix="/internal", dependencies=[Depends(harbour_master)])
app.include_router(dues.router, prefix="/public")


@lighthouse.get("/lamp")
def lamp():
    return {"lit": True}


@beacon.get("/signal")
def signal():
    return {"on": True}


# A mounted application has its own dependencies, and none of this one.
app.mount("/lighthouse", lighthouse)
app.mount("/beacon", beacon)

# From here on.
app.router.dependencies.append(Depends(current_user))


@app.get("/tides")
def tides():
    return []


async def raw(request: Request):
    return JSONResponse({"plain": True})


# No dependency runs for a route of the toolkit below.
app.add_route("/raw", raw)
