"""The room that speaks Discord: client, cards, buttons, forms, first answers, the mailbox.

Everything a person sees is drawn here, and every text lives in ``words``. Never decides what a task
does: it asks the Desk and shows what the rows say.
"""
