"""A real platform for the tests: Open edX' lti-consumer-xblock on loopback, in memory.

Run by the interpreter of a virtual environment of its own (see `openedx`); nothing here is imported
by the tests, and nothing of the platform by anything of ours.

    openedx_server.py PUBLIC_KEY FOLDER

prints as JSON what a tool has to know and serves until it is killed. FOLDER/log gets a line of JSON
for each request. Where FOLDER/hold holds a number, the answer to that score (1 for the next) is
withheld, after it was stored, until the file is gone; FOLDER/held says so.
"""

import io
import json
import sys
import time
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


key, folder = Path(sys.argv[1]), Path(sys.argv[2])
server = make_server("127.0.0.1", 0, None, handler_class=Quiet)
BASE = f"http://127.0.0.1:{server.server_port}"

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.configure(
    SECRET_KEY="the tests' own",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="__main__",
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
        "config_models",
        "rest_framework",
        "lti_consumer",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    # The tables as they are now, without their history: that is quicker.
    MIGRATION_MODULES=dict.fromkeys(
        ("contenttypes", "auth", "sessions", "config_models", "lti_consumer")
    ),
    MIDDLEWARE=[],
    TEMPLATES=[],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USAGE_ID_PATTERN=r"(?P<usage_id>(?:i4x://?[^/]+/[^/]+/[^/]+/[^@]+(?:@[^/]+)?)|(?:[^/]+))",
    USAGE_KEY_PATTERN=r"(?P<usage_key_string>[^/]+)",
    COURSE_KEY_PATTERN=r"(?P<course_key_string>[^/+]+(/|\+)[^/+]+(/|\+)[^/?]+)",
    LTI_BASE=BASE,
    LTI_API_BASE=BASE,
    LMS_ROOT_URL=BASE,
    LMS_BASE=BASE,
    REST_FRAMEWORK={"PAGE_SIZE": 10},
    FEATURES={},
)
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [path("", include(("lti_consumer.plugin.urls", "lti_consumer")))]
call_command("migrate", run_syncdb=True, verbosity=0)

from lti_consumer.models import Lti1p3Passport, LtiConfiguration  # noqa: E402

passport = Lti1p3Passport.objects.create(lti_1p3_tool_public_key=key.read_text())
configuration = LtiConfiguration.objects.create(
    version="lti_1p3",
    config_store="CONFIG_ON_DB",
    lti_1p3_passport=passport,
    lti_1p3_launch_url="https://tool.example.org/launch",
    lti_1p3_oidc_url="https://tool.example.org/oidc",
    lti_advantage_ags_mode="programmatic",
)

platform = WSGIHandler()


def application(environ, start_response):
    """Hand a request to the platform, keep what it was, and withhold the answer if told to."""
    size = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(size)
    environ["wsgi.input"] = io.BytesIO(body)
    said = []

    def start(status, headers, exc_info=None):
        said.append(status)
        return start_response(status, headers, exc_info)

    answer = list(platform(environ, start))
    score = environ["PATH_INFO"].endswith("/scores")
    line = {"method": environ["REQUEST_METHOD"], "path": environ["PATH_INFO"], "status": said[0],
            "score": json.loads(body) if score else None}  # fmt: skip
    with (folder / "log").open("a") as log:
        log.write(json.dumps(line) + "\n")
    hold = folder / "hold"
    if score and hold.exists():
        left = int(hold.read_text()) - 1
        if left:
            hold.write_text(str(left))
        else:
            (folder / "held").touch()
            while hold.exists():
                time.sleep(0.01)
    return answer


server.set_app(application)
told = {
    "issuer": BASE,
    "client_id": passport.lti_1p3_client_id,
    "token_url": f"{BASE}/lti_consumer/v1/token/{passport.passport_id}",
    "lineitems": f"{BASE}/lti_consumer/v1/lti/{configuration.id}/lti-ags",
}
sys.stdout.write(json.dumps(told) + "\n")
sys.stdout.flush()
server.serve_forever()
