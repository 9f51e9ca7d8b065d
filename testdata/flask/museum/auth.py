import os
from functools import wraps

import jwt
from flask import abort, g, jsonify, request


def read_token():
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return jwt.decode(token, os.environ["JWT_KEY"], algorithms=["HS256"])


def curator_required(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        try:
            g.user = read_token()
        except jwt.PyJWTError:
            return jsonify(error="sign in first"), 401
        if g.user.get("role") != "curator":
            abort(403)
        return view(*args, **kwargs)

    return wrapper


def remember_user():
    """Whoever it is, or nobody."""
    try:
        g.user = read_token()
    except jwt.PyJWTError:
        g.user = None


def demand_user():
    try:
        g.user = read_token()
    except jwt.PyJWTError:
        return jsonify(error="sign in first"), 401
