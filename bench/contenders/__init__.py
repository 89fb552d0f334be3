"""Who is compared with Clapboard: bots as they are usually written, each a process of its own."""
