"""What may be published of a folder, and what is refused with its place."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.patch_folder import FolderRefused, read_folder


class FolderTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.top = Path(self.mktemp())
        (self.top / "bin").mkdir(parents=True)
        (self.top / "bin/run").write_bytes(b"#!/bin/sh\n")
        (self.top / "bin/run").chmod(0o755)
        (self.top / "readme").write_bytes(b"words")
        (self.top / "empty/deep").mkdir(parents=True)

    def test_files_modes_and_empty_folders_are_found(self) -> None:
        folder = read_folder(self.top)
        found = [(file.path, file.size, file.executable, file.read()) for file in folder.files]
        self.assertEqual(
            sorted(found), [("bin/run", 10, True, b"#!/bin/sh\n"), ("readme", 5, False, b"words")]
        )
        self.assertEqual((folder.empty, folder.size), (("empty/deep",), 15))

    def test_what_is_excluded_is_left_out_by_name_or_path(self) -> None:
        folder = read_folder(self.top, ["readme", "bin/*"])
        self.assertEqual((folder.files, sorted(folder.empty)), ((), ["bin", "empty/deep"]))

    def refused(self, words: str) -> None:
        self.assertIn(words, str(self.assertRaises(FolderRefused, read_folder, self.top)))

    def test_links_to_files_and_to_folders_are_refused(self) -> None:
        for target in ("readme", "bin", "/etc/passwd", "/etc", "nowhere"):
            (self.top / "link").symlink_to(target)
            self.refused("link is a link")
            (self.top / "link").unlink()

    def test_pipes_and_sockets_are_refused(self) -> None:
        os.mkfifo(self.top / "pipe")
        self.refused("pipe is a device, pipe or socket")
        (self.top / "pipe").unlink()
        here = os.getcwd()
        os.chdir(self.top)
        self.addCleanup(os.chdir, here)
        listening = socket.socket(socket.AF_UNIX)
        self.addCleanup(listening.close)
        listening.bind("sock")
        os.chdir(here)
        self.refused("sock is a device, pipe or socket")

    def test_setuid_programs_are_refused(self) -> None:
        (self.top / "bin/run").chmod(0o4755)
        self.refused("is setuid")

    def test_a_file_that_becomes_a_link_is_not_followed(self) -> None:
        file = next(file for file in read_folder(self.top).files if file.path == "readme")
        (self.top / "readme").unlink()
        (self.top / "readme").symlink_to("/etc/passwd")
        self.assertRaises(OSError, file.read)

    def test_what_is_no_folder_is_told(self) -> None:
        self.assertRaises(FolderRefused, read_folder, self.top / "readme")
        self.assertRaises(FolderRefused, read_folder, self.top / "nowhere")
