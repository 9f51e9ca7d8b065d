from flask import Blueprint, jsonify
from flask_login import UserMixin, current_user, login_required

bp = Blueprint("members", __name__)


class Member(UserMixin):
    def __init__(self, number):
        self.id = number


def find(number):
    return Member(number)


@bp.get("/me")
@login_required
def me():
    return jsonify(id=current_user.id)


@bp.get("/greeting")
def greeting():
    return jsonify(text="welcome back" if current_user.is_authenticated else "welcome")


@bp.post("/card")
def card():
    if not current_user.is_authenticated:
        return jsonify(error="members only"), 403
    return jsonify(id=current_user.id)
