import os

from flask import Flask, jsonify
from flask_jwt_extended import JWTManager
from flask_login import LoginManager

from . import archive, exhibits, loans, members, tours


def create_app():
    app = Flask(__name__)
    app.config["SECRET_KEY"] = app.config["JWT_SECRET_KEY"] = os.environ["JWT_KEY"]
    JWTManager(app)
    logins = LoginManager(app)
    logins.user_loader(members.find)

    @app.get("/health")
    def health():
        return jsonify(ok=True)

    app.register_blueprint(exhibits.bp)
    app.register_blueprint(archive.bp, url_prefix="/archive")
    app.register_blueprint(members.bp, url_prefix="/members")
    app.register_blueprint(tours.bp, url_prefix="/tours")
    app.register_blueprint(loans.bp)
    app.register_blueprint(loans.vault)
    return app
