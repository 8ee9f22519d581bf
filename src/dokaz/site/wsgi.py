"""The door for a web server: ``granian --interface wsgi dokaz.site.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dokaz.site.settings")
application = get_wsgi_application()
