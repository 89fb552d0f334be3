"""English: why an order or a question is turned down, and what to do instead.

For the asker's eyes only. Fields are named in ``bot.errors.Refusal``; never blames the asker.
"""

from bot.errors import Refusal

REFUSALS = {
    Refusal.EMPTY_PROMPT: (
        (
            "Tell me what should happen in the film, in a sentence or a few words,"
            " and send it again."
        ),
    ),
    Refusal.PROMPT_TOO_LONG: (
        (
            "Shot {shot} has {length} characters and this model reads at most {limit} for each."
            " Shorten it and send it again."
        ),
        (
            "That prompt has {length} characters and this model reads at most {limit}."
            " Shorten it and send it again."
        ),
        "That prompt is too long for this model. Shorten it and send it again.",
    ),
    Refusal.UNKNOWN_MODEL: (
        "I don't know a model called {model:code}. You can choose {choices:code}.",
        "I don't know that model. Pick one from the list that opens while you type.",
    ),
    Refusal.MODEL_OFF: (
        "{model:code} is not on sale here at the moment. You can choose {choices:code}.",
        (
            "No model for this is on sale here at the moment."
            " Whoever runs this bot can bring one back."
        ),
    ),
    Refusal.WRONG_DOOR: (
        "{model:code} works with {takes:commands}. For this command you can choose {choices:code}.",
        "{model:code} works with {takes:commands}.",
        "That model works with another command. Pick one from the list that opens while you type.",
    ),
    Refusal.WRONG_DURATION: (
        "{model:code} makes films of {choices:seconds}. Pick one of these.",
        (
            "That model does not make films of this length."
            " Pick a length from the list that opens while you type."
        ),
    ),
    Refusal.WRONG_ASPECT: (
        "{model:code} makes films in {choices:code}. Pick one of these shapes.",
        "This model has one shape only; leave `aspect` empty.",
    ),
    Refusal.TOO_MANY_SHOTS: (
        (
            "Those are {count} shots and {model:code} takes at most {limit}."
            " Leave some out and send it again."
        ),
        "{model:code} takes at most {limit} shots. Leave some out and send it again.",
        "That is more shots than this model takes. Leave some out and send it again.",
    ),
    Refusal.NO_PICTURE: (
        (
            "I found no picture there. Attach one, reply to a message with one, or"
            " right-click it and"
            " choose **Apps → Animate image**."
        ),
    ),
    Refusal.PICTURE_HIDDEN: (
        (
            "Discord does not let me see that picture from here. Right-click the"
            " message (hold it on a"
            " phone), choose **Apps → Animate image**, and it works."
        ),
    ),
    Refusal.NOT_A_PICTURE: (
        (
            "That looks like {kind}, not like a picture I can read. Save it as JPEG or PNG and"
            " upload that; WebP, GIF and AVIF work too."
        ),
        (
            "I can't read that file as a picture. JPEG and PNG work well; WebP, GIF and AVIF"
            " work too."
        ),
    ),
    Refusal.PICTURE_DAMAGED: (
        (
            "That picture is damaged: I can't read it to its end."
            " Save or export it again and upload it."
        ),
    ),
    Refusal.PICTURE_TOO_LARGE: (
        "That picture is larger than {limit:bytes}. Make it smaller and send it again.",
        (
            "That picture has more than {limit_megapixels} megapixels."
            " Make it smaller and send it again."
        ),
        "That picture is too large. Make it smaller and send it again.",
    ),
    Refusal.PICTURE_GONE: (
        "That picture is no longer there. Upload it again, or open **Animate image** once more.",
    ),
    Refusal.PICTURE_UNREACHABLE: (
        "I could not fetch that picture just now. Try again in a minute, or upload it here.",
    ),
    Refusal.PICTURE_ELSEWHERE: (
        "That picture is at an address I don't fetch from. Save it and upload it here.",
    ),
    Refusal.POOL_EMPTY: (
        (
            "This film costs {cost} credits and the server has {left} left. Its credits renew"
            " {renews_at}. A shorter film may fit; an admin can add credits with `/quota grant`"
            " (without `user`)."
        ),
        (
            "This film costs {cost} credits and the server has {left} left."
            " A shorter film may fit; an admin can add credits with `/quota grant`"
            " (without `user`)."
        ),
        (
            "The server does not have enough credits left for this film. A shorter one may fit;"
            " an admin can add credits with `/quota grant` (without `user`)."
        ),
    ),
    Refusal.LIMIT_REACHED: (
        (
            "This film costs {cost} credits and you have {left} left. Your credits"
            " renew {renews_at}."
            " A shorter film may fit; an admin of this server can raise your limit."
        ),
        (
            "This film costs {cost} credits and you have {left} left."
            " A shorter film may fit; an admin of this server can raise your limit."
        ),
        (
            "You do not have enough credits left for this film. A shorter one may fit;"
            " an admin of this server can raise your limit."
        ),
    ),
    Refusal.UNKNOWN_TASK: (
        "There is no film {task_id:code} in this server. `/video list` shows yours.",
        "There is no such film in this server. `/video list` shows yours.",
    ),
    Refusal.NOT_YOURS: (
        (
            "That film is somebody else's. Only they, or somebody who may manage messages,"
            " can cancel it."
        ),
    ),
    Refusal.TOO_LATE: (
        (
            "Too late to cancel: the video service is already at work on it."
            " The film will be posted when it is done."
        ),
    ),
    Refusal.CANNOT_CANCEL: (
        (
            "This video service cannot cancel what it has accepted."
            " The film will be posted when it is done."
        ),
    ),
    Refusal.NOT_KNOWN_YET: (
        (
            "I don't know yet whether the video service has this one: its answer got lost."
            " I'll tell you on the card as soon as I do."
        ),
    ),
    Refusal.ALREADY_ENDED: ("That film has already ended; there is nothing left to cancel.",),
    Refusal.NO_FILM: (
        "I no longer have that film on my disk. If it was posted, it is still in its channel.",
    ),
    Refusal.FILM_GONE: (
        (
            "That film is no longer there, so I can't go on from its last picture. If you saved"
            " it, take a picture of how it ends and use `/video image`."
        ),
    ),
    Refusal.TAKEN_DOWN: (
        "That film was taken down, so it is not shown again and nothing more is made from it.",
    ),
    Refusal.PRESSED_TWICE: (
        (
            "I took that as one press: one film, paid once."
            " If you want another one as well, press again in a moment."
        ),
    ),
    Refusal.NOT_YOUR_PICTURE: (
        (
            "Only the person whose picture it was made from, its requester, or somebody who may"
            " manage messages can take this film down."
        ),
    ),
    Refusal.OPTED_OUT: (
        (
            "The person whose picture that is would rather not have it animated by others."
            " Another picture works, or one of your own."
        ),
    ),
    Refusal.ON_ITS_WAY: ("That film is already on its way to you; it can take a minute.",),
    Refusal.FORM_GONE: (
        (
            "That form was open for too long, so I no longer know its picture."
            " Open it once more from the picture."
        ),
    ),
    Refusal.NOT_YOUR_FORM: (
        (
            "That one is for the member who asked. For a film of your own, right-click a picture"
            " and choose **Apps → Animate image**."
        ),
    ),
    Refusal.NOT_PERMITTED: (
        "You need the permission **{permission}** in this server for that. Ask one of its admins.",
        "You are not permitted to do that here. Ask one of this server's admins.",
    ),
    Refusal.WRONG_CREDITS: (
        (
            "Credits are whole numbers from 0 to {limit}. 0 blocks;"
            " choose **clear** in the list to go back to the default."
        ),
        (
            "That is not a number of credits I can use. Choose a whole number from 0;"
            " 0 blocks, and **clear** in the list goes back to the default."
        ),
    ),
    Refusal.WRONG_GRANT: (
        (
            "A grant is a whole number from 1 to {limit}. One below zero takes back what was"
            " granted; {left} of that are left."
        ),
        (
            "That is not a number of credits I can grant. Choose a whole number from 1;"
            " one below zero takes back what was granted."
        ),
    ),
    Refusal.GUILD_ONLY: ("This works in servers only: run it in a channel of a server.",),
    Refusal.BUSY: ("I can't take this for a moment; nothing was charged. Try again in a minute.",),
}
