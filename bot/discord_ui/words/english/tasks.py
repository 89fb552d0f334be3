"""English: the states of a task, and why it ended without a film.

Stands on public cards: says whose doing it was, never a balance.
"""

from bot.domain.task import TaskState
from bot.errors import Failure

STATES = {
    TaskState.QUEUED: "In the queue",
    TaskState.SENDING: "Being handed to the video service",
    TaskState.SUBMITTED: "Accepted by the video service, waiting for its turn",
    TaskState.RUNNING: "Being filmed",
    TaskState.RENDERED: "The film is ready and on its way here",
    TaskState.DELIVERED: "Done",
    TaskState.KEPT: "The film is ready, but I could not post it here: `/video show` has it for you",
    TaskState.REFUSED: "Not accepted",
    TaskState.FAILED: "Failed",
    TaskState.CANCELLED: "Cancelled",
    TaskState.EXPIRED: "The film is gone",
    TaskState.UNCONFIRMED: (
        "The video service's answer got lost. I am looking for the film there; nothing is ordered"
        " twice, and the credits stay held until I know"
    ),
}

SHORT_STATES = {
    TaskState.QUEUED: "In the queue",
    TaskState.SENDING: "Being handed over",
    TaskState.SUBMITTED: "Waiting for its turn",
    TaskState.RUNNING: "Being filmed",
    TaskState.RENDERED: "Ready, on its way",
    TaskState.DELIVERED: "Done",
    TaskState.KEPT: "Ready, kept for you",
    TaskState.REFUSED: "Not accepted",
    TaskState.FAILED: "Failed",
    TaskState.CANCELLED: "Cancelled",
    TaskState.EXPIRED: "The film is gone",
    TaskState.UNCONFIRMED: "Being searched for",
}

FAILURES = {
    Failure.NO_CARD: (
        (
            "This order's card came too late, so it was dropped before it was sent. That is not"
            " your mistake; you can simply try again."
        ),
    ),
    Failure.BY_MEMBER: ("Cancelled on request.",),
    Failure.CANCELLED_UPSTREAM: (
        (
            "The video service cancelled this one itself. That is not your mistake;"
            " you can simply try again."
        ),
    ),
    Failure.CONTENT: (
        (
            "The video service does not make this: its content rules turned down the prompt or the"
            " picture. Other words or another picture may pass."
        ),
    ),
    Failure.PICTURE: (
        (
            "The video service could not use this picture."
            " Another model, or another picture, may work."
        ),
    ),
    Failure.INVALID_REQUEST: (
        (
            "The video service did not accept how I asked. That is not your mistake;"
            " another model may work meanwhile."
        ),
    ),
    Failure.MODEL_CLOSED: (
        (
            "The video service no longer offers this model. That is not your mistake;"
            " please choose another model."
        ),
    ),
    Failure.SERVICE_CREDITS: (
        (
            "This bot's own account at the video service is empty. That is not your mistake;"
            " whoever runs this bot has to fill it up. A model of another service may work"
            " meanwhile."
        ),
    ),
    Failure.SERVICE_KEY: (
        (
            "The video service does not accept this bot's key. That is not your mistake;"
            " whoever runs this bot has to mend it. A model of another service may work"
            " meanwhile."
        ),
    ),
    Failure.SERVICE_OFF: (
        (
            "This bot no longer uses that video service. That is not your mistake;"
            " please choose another model."
        ),
    ),
    Failure.SERVICE_FAILED: (
        "The video service tried and failed. That is not your mistake; trying again often works.",
    ),
    Failure.FORGOTTEN: (
        "The video service lost this job. That is not your mistake; please try again.",
    ),
    Failure.NO_OUTPUT: (
        (
            "The video service says it is done but gave no film. That is not your mistake;"
            " please try again."
        ),
    ),
    Failure.RESULT_GONE: (
        (
            "The film was gone before I could fetch it. That is not your mistake;"
            " whoever runs this bot has been told. You can simply try again."
        ),
    ),
    Failure.WITHDRAWN: ("It was taken down before anybody saw it.",),
    Failure.LOST: (
        (
            "The connection broke while I was ordering this film, and the video"
            " service shows no trace"
            " of it. That is not your mistake; you can simply try again. Should it turn up after"
            " all, you get it for free."
        ),
    ),
}
