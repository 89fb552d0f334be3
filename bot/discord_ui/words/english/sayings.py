"""English: everything else, by what it is for.

Serves cards, forms, buttons and private answers. Never a balance in a text that others can read.
"""

from bot.discord_ui.words.language import Say

SAYINGS = {
    Say.CARD_FACTS: ("{title} · {duration} · {cost} credits",),
    Say.CARD_SHAPE: ("{title} · {duration} · {aspect} · {cost} credits",),
    Say.CARD_PAUSED: ("The video service cannot take it just now; I try again {until}",),
    Say.CARD_SINCE: ("{since}",),
    Say.CARD_CANCELLING: ("Asked the video service to cancel it",),
    Say.CARD_TOO_LATE: ("It was too late to cancel: the video service is already at work",),
    Say.CARD_SLOW: ("This one takes longer than usual. It is not lost; I keep looking",),
    Say.CARD_FILM: ("Watch the film",),
    Say.CARD_CONTINUES: ("Continues [the film before]({link})",),
    Say.CARD_DIRECT: ("Sent to its requester as a direct message",),
    Say.CARD_FITTED: ("Made smaller to fit this server",),
    Say.FROM_PICTURE: ("From [a picture]({link}) by {member}", "From a picture by {member}"),
    Say.FROM_AVATAR: ("From {member}'s avatar",),
    Say.TAKEN_DOWN: ("Taken down",),
    Say.TAKEN_DOWN_BY_SOURCE: ("Taken down by {member}, whose picture it was made from.",),
    Say.TAKEN_DOWN_BY_REQUESTER: ("Taken down by its requester.",),
    Say.TAKEN_DOWN_BY_MODERATOR: ("Taken down by a moderator.",),
    Say.STILL_UNDER_WAY: ("The video service may still finish it; nobody will be shown the film.",),
    Say.STAYS_SPENT: ("It had been made already, so its {cost} credits stay spent.",),
    Say.CARD_WORDS_BLOCKED: ("This server's AutoMod does not let me repeat the prompt here.",),
    Say.CARD_CHARGED: ("Held {cost} credits; the video service charged {charged}",),
    Say.CARD_FREE: ("This one was free",),
    Say.CARD_DETAIL: ("The service says: “{detail}”",),
    Say.CARD_REFUNDED: ("The {cost} credits are back.",),
    Say.CARD_UNCHARGED: ("It cost nothing.",),
    Say.FILM_CAPTION: ("{member}, your film is ready.",),
    Say.NO_FILM_CAME: ("{member}, this one did not work out; the card says why.",),
    Say.FILM_DIRECT: ("Your film is ready. I may not post it in {channel}, so here it is.",),
    Say.CANCEL: ("Cancel",),
    Say.FULL_QUALITY: ("Full quality",),
    Say.TAKE_DOWN: ("Take down",),
    Say.REFUSE_OTHERS: ("Don't let others animate my pictures",),
    Say.ALLOW_OTHERS: ("Let others animate my pictures",),
    Say.GET_FILM: ("Get the film",),
    Say.AGAIN: ("Again",),
    Say.TRY_AGAIN: ("Try again",),
    Say.CHANGE_WORDS: ("Change words",),
    Say.ANOTHER_MODEL: ("Another model",),
    Say.CONTINUE: ("Continue",),
    Say.WHY: ("Why?",),
    Say.UPLOAD: ("Upload it",),
    Say.UPLOAD_OFFERED: (
        (
            "Discord does not let me see that picture from here. Right-click its message (hold it"
            " on a phone) and choose **Apps → Animate image**, or upload it with the button."
        ),
    ),
    Say.WHY_NOT_YOURS: ("Only the member who asked can see why.",),
    Say.TURNED_DOWN: ("I can't make this one. The button says why and what to do.",),
    Say.MENTION_HINT: (
        (
            "Attach a picture or reply to one, and I'll bring it to life."
            " `/video text` needs no picture."
        ),
    ),
    Say.DEAD_BUTTON: (
        (
            "I no longer know what to do with this. `/video list` shows your films;"
            " for a new one start again."
        ),
    ),
    Say.FORM_TITLE: ("Animate image",),
    Say.WORDS_TITLE: ("Once more",),
    Say.FORM_CUT: (
        "-# A Discord form holds {limit} characters; what came after them is left out.",
    ),
    Say.CONTINUE_TITLE: ("Continue this film",),
    Say.CONTINUE_PROMPT: ("What happens next?",),
    Say.CONTINUE_HINT: ("It begins with the last picture of this film",),
    Say.FORM_PROMPT: ("What should happen?",),
    Say.FORM_PROMPT_HINT: ("The camera slowly moves in, leaves drift by …",),
    Say.FORM_MODEL: ("Model and length",),
    Say.FORM_MODEL_HINT: ("{credits} credits",),
    Say.FORM_PICTURE: ("Which picture?",),
    Say.FORM_PICTURE_CHOICE: ("Picture {number}",),
    Say.FORM_SHOTS: ("What happens, shot by shot?",),
    Say.FORM_SHOTS_HINT: ("One shot on each line",),
    Say.FORM_UPLOAD_TITLE: ("Animate a picture of yours",),
    Say.FORM_UPLOAD: ("The picture",),
    Say.FORM_TYPED: ("You wrote, to copy:",),
    Say.STORYBOARD_TITLE: ("Storyboard",),
    Say.STORYBOARD_MODEL: ("Model",),
    Say.STORYBOARD_SHOT: ("{count} shot · {seconds} s · {credits} credits",),
    Say.STORYBOARD_SHOTS: ("{count} shots · {seconds} s · {credits} credits",),
    Say.STORYBOARD_OPTION: ("{option} · {price}", "{option}"),
    Say.ALREADY_ORDERED: ("That form was sent already: [here is its film]({link}).",),
    Say.CHOICE_MODEL: ("{name}: {title}, from {credits} credits", "{name}: {title}"),
    Say.CHOICE_LENGTH: ("{seconds} s, {credits} credits",),
    Say.CHOICE_CLEAR: ("clear: back to the default",),
    Say.CHOICE_TASK: ("{prompt} · {state}", "{task_id} · {state}"),
    Say.LIST_EMPTY: ("You have no films yet. `/video text` makes the first.",),
    Say.LIST_LINE: (
        "{task_id:code} **{state}** · {created} · {prompt}",
        "{task_id:code} **{state}** · {created}",
    ),
    Say.FILM_NOT_ATTACHED: ("The film is too large to attach here.",),
    Say.FILM_FULL: ("The film in full quality.",),
    Say.FILM_IN_PARTS: ("Full quality, in {parts} parts. Each plays by itself.",),
    Say.FILM_ANEW: (
        (
            "In {parts} parts that each play by themselves. They are encoded anew, with more data"
            " than the film itself has: you should see no difference."
        ),
    ),
    Say.FILM_SMALLER: (
        "This is a smaller copy; the full film is larger than Discord lets me send you.",
    ),
    Say.REMOVED: (
        (
            "Done: the film is being taken out of Discord and off my disk."
            " Copies that somebody saved are beyond my reach."
        ),
    ),
    Say.STOPPED: ("Done: nobody will be shown this film.",),
    Say.CANCEL_ASKED: ("Done: the card says how it goes on.",),
    Say.OTHERS_MAY: (
        (
            "Others in this server can animate your pictures and your avatar. Each such film names"
            " you and has a button with which you can take it down."
        ),
    ),
    Say.OTHERS_MAY_NOT: (
        (
            "In this server I don't animate your pictures or your avatar for anybody but you."
            " Films that exist already stay until they are taken down."
        ),
    ),
    Say.CREDITS_TITLE: ("Credits of {member}",),
    Say.CREDITS_MEMBER: (
        (
            "Own limit: {allowance}, granted on top: {granted}"
            "\nSpent: {spent}, of which held for films in the making: {held}"
            "\nLeft: **{left}**"
        ),
    ),
    Say.CREDITS_NO_LIMIT: ("No limit of their own: the server's credits count for everyone.",),
    Say.CREDITS_POOL: (
        (
            "Server: {allowance} {period}, granted on top: {granted}"
            "\nSpent: {spent}, of which held for films in the making: {held}"
            "\nLeft: **{left}**"
        ),
    ),
    Say.CREDITS_RENEW: ("Renews {renews_at}.", "These credits never renew."),
    Say.QUOTA_TITLE: ("Quotas of this server",),
    Say.QUOTA_RULE_SERVER: (
        "The server: {credits} credits {period}",
        "The server: {credits} credits",
        "The server: the default",
    ),
    Say.QUOTA_RULE_DEFAULT: ("Everyone: {credits} credits",),
    Say.QUOTA_RULE_MEMBER: ("{member}: {credits} credits",),
    Say.QUOTA_RULE_ROLE: ("{role}: {credits} credits",),
    Say.QUOTA_NO_RULES: ("No limits are set: everyone draws on the server's credits.",),
    Say.QUOTA_EVERYONE: ("Everyone without a limit of their own",),
    Say.QUOTA_POOL: ("The server",),
    Say.QUOTA_SET: (
        "Done. {subject}: {credits} credits {period}.",
        "Done. {subject}: {credits} credits.",
    ),
    Say.QUOTA_BLOCKED: ("Done. {subject}: 0 credits; this blocks new films.",),
    Say.QUOTA_CLEARED: (
        "Done. {subject}: back to the default, {allowance} credits {period}.",
        "Done. {subject}: back to the default.",
    ),
    Say.QUOTA_NO_LIMIT: ("Done. {subject}: no limit.",),
    Say.QUOTA_GRANTED: ("Done. {subject}: {credits} credits granted; they do not expire.",),
    Say.QUOTA_GRANT_WAITS: (
        (
            "Done. {subject}: {credits} credits granted; they do not expire. They count once"
            " {subject} has a limit; to give the server more, leave `user` empty."
        ),
    ),
    Say.QUOTA_TAKEN_BACK: ("Done. {subject}: {credits} granted credits taken back.",),
    Say.HISTORY_EMPTY: ("Nothing has been spent or granted yet.",),
    Say.HISTORY_LINE: (
        "{at} · **{credits:signed}** {kind} · {member} · {task_id:code}",
        "{at} · **{credits:signed}** {kind} · {member}",
    ),
    Say.HISTORY_GRANT: (
        "{at} · **{credits:signed}** {kind} to {member} by {actor}",
        "{at} · **{credits:signed}** {kind} to the server by {actor}",
    ),
    Say.HISTORY_TAKEN_BACK: (
        "{at} · **{credits:signed}** taken back from {member} by {actor}",
        "{at} · **{credits:signed}** taken back from the server by {actor}",
    ),
    Say.MORE_LINES: ("… and {count} more",),
    Say.BUG: (
        (
            "Something went wrong on my side, not yours. Try again in a minute; if"
            " it happens again,"
            " tell whoever runs this bot the reference {reference:code}."
        ),
    ),
    Say.OUTDATED_COMMAND: (
        (
            "This command has changed since your Discord last looked."
            " Reload Discord (Ctrl+R, or restart the app) and try again."
        ),
    ),
    Say.UNREADABLE_OPTION: (
        "I can't read what you put into {option:code}. Check it and send it again.",
    ),
}
