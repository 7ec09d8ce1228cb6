"""Where releases lie on a machine: documents, objects by their sha256, trees of files, and which one runs.

    roots/7.json                    the chain of root documents
    timestamp.json                  the word of today
    snapshots/12.json               the snapshot it names
    releases/broker/1.4.0@3.json    a release's document
    objects/ab/abcd…                contents and packs
    partial/abcd…                   what is on its way here
    staging/…                       a tree that is being put together
    doomed/…                        one that is being taken away
    trees/broker/1.4.0@3/…          a staged release: complete and checked
    current/broker                  points to the tree that runs
    history/broker.json             which ran before

Every file is synced before the name that makes it count is given, and that name is given by one rename:
whenever the machine stops, a name stands for a whole thing or does not exist. Blocking: call it through a
worker. What the documents mean is no business of this room's (`pushnet.grid.patch`); it keeps bytes.
"""
