#!/usr/bin/python3
"""Compares the settings table of docs/journal.md with the one that is set and read back."""

import re
import sys
import unittest


class SettingsTable(unittest.TestCase):
    page = ""
    source = ""

    def test_the_page_names_every_setting_and_what_it_reads_back(self):
        table = self.page.partition("### Settings, and why")[2].partition("\n### ")[0]
        told = re.findall(r"^\| `(\w+)` \| `(-?\w+)` \|", table, re.M)
        made = re.findall(r'Setting\{"(\w+)", "[^"]*", "([^"]*)"\}', self.source)
        self.assertGreater(len(made), 5)
        self.assertEqual(told, made)


if __name__ == "__main__":
    SettingsTable.source = open(sys.argv.pop(), encoding="utf-8").read()
    SettingsTable.page = open(sys.argv.pop(), encoding="utf-8").read()
    unittest.main()
