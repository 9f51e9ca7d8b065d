from datetime import timedelta

import jwt
from django.conf import settings
from django.contrib.auth import authenticate
from django.utils import timezone
from ninja import NinjaAPI, Router, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer, django_auth


class Token(HttpBearer):
    def authenticate(self, request, token):
        try:
            return jwt.decode(token, settings.SECRET_KEY, algorithms=["HS256"])
        except jwt.PyJWTError:
            return None


# It takes whatever it is given.
class AnyToken(HttpBearer):
    def authenticate(self, request, token):
        return token


class Bottle(Schema):
    name: str


api = NinjaAPI(urls_namespace="press")


@api.get("/juice")
def juice(request):
    return {"juice": "apple"}


class Login(Schema):
    username: str
    password: str


@api.post("/token")
def token(request, login: Login):
    user = authenticate(request, username=login.username, password=login.password)
    if user is None:
        raise HttpError(401, "no such user")
    expires = timezone.now() + timedelta(hours=1)
    return {"token": jwt.encode({"sub": str(user.pk), "exp": expires}, settings.SECRET_KEY, algorithm="HS256")}


@api.post("/bottles", auth=Token())
def fill(request, bottle: Bottle):
    return {"name": bottle.name}


@api.get("/tasting", auth=AnyToken())
def taste(request):
    return {"taste": "sour"}


@api.get("/either", auth=[Token(), django_auth])
def either(request):
    return {"either": True}


guarded = Router(auth=Token())


@guarded.get("/")
def all_casks(request):
    return []


@guarded.get("/{int:number}", auth=None)
def one_cask(request, number: int):
    return {"number": number}


nested = Router()


@nested.get("/labels")
def labels(request):
    return []


guarded.add_router("/nested", nested)
api.add_router("/casks", guarded)

inner = NinjaAPI(auth=Token(), urls_namespace="inner")


@inner.get("/stock")
def stock(request):
    return {"stock": 9}


@inner.get("/hours", auth=None)
def hours(request):
    return {"hours": "9 to 5"}


lifted = Router(auth=None)


@lifted.get("/map")
def show_map(request):
    return {"map": "north"}


asked = Router(auth=None)


@asked.get("/plan")
def plan(request):
    return {"plan": "more trees"}


inner.add_router("/lifted", lifted)
inner.add_router("/asked", asked, auth=Token())
