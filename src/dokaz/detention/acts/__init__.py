"""What people do about places of detention: describe them, search them, seize, seal, secure traces, give opinions."""

from dokaz.detention.acts.correcting import (
    correct_find_of_search,
    correct_opinion,
    correct_picture_note,
    correct_place,
    void_find_of_search,
    void_opinion,
    void_picture_note,
    void_place,
)
from dokaz.detention.acts.correcting_books import (
    agree_book_entry,
    correct_book_entry,
    correct_log_book,
    void_book_entry,
    void_log_book,
    void_reading,
)
from dokaz.detention.acts.exhibits import MAY_OPINE, assemble, opine, seize
from dokaz.detention.acts.log_books import (
    MAY_TRANSCRIBE,
    add_page,
    amend_field_list,
    draw_regions,
    open_log_book,
    state_page_missing,
)
from dokaz.detention.acts.pictures import is_of_this_room, note_picture
from dokaz.detention.acts.places import claim_control, draw_plan, draw_room, open_place, open_room
from dokaz.detention.acts.readings import file_reading, settle_page
from dokaz.detention.acts.seals import account_for_seal, apply_seal, find_broken, find_intact, replace_seal
from dokaz.detention.acts.searches import begin_search, close_search, do_items, excuse_items, search_room
from dokaz.detention.acts.traces import secure_trace

__all__ = [
    "MAY_OPINE",
    "MAY_TRANSCRIBE",
    "account_for_seal",
    "add_page",
    "agree_book_entry",
    "amend_field_list",
    "apply_seal",
    "assemble",
    "begin_search",
    "claim_control",
    "close_search",
    "correct_book_entry",
    "correct_find_of_search",
    "correct_log_book",
    "correct_opinion",
    "correct_picture_note",
    "correct_place",
    "do_items",
    "draw_plan",
    "draw_regions",
    "draw_room",
    "excuse_items",
    "file_reading",
    "find_broken",
    "find_intact",
    "is_of_this_room",
    "note_picture",
    "open_log_book",
    "open_place",
    "open_room",
    "opine",
    "replace_seal",
    "search_room",
    "secure_trace",
    "seize",
    "settle_page",
    "state_page_missing",
    "void_book_entry",
    "void_find_of_search",
    "void_log_book",
    "void_opinion",
    "void_picture_note",
    "void_place",
    "void_reading",
]
