"""The door for gunicorn: `gunicorn kontor.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # load all views now, so that the first visitor does not wait for them
gc.collect()
gc.freeze()  # what is loaded now stays; searching it for garbage again and again would cost every page
