"""How forms are drawn: one field under the other, its error beside it, its help tied to it for those who listen."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws every form and field with the templates of the house."""

    form_template_name = "pages/parts/form.html"
    field_template_name = "pages/parts/field.html"
