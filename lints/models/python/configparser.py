"""Files of sections, as the standard library reads them.

Names below `internal` are described in `configparser.toml`.
"""

from configparser import internal


class RawConfigParser:
    def read(self, filenames, encoding=None):
        internal.assign(self, internal.data_of(filenames))

    def read_file(self, file, source=None):
        internal.assign(self, internal.data_of(file))

    def read_dict(self, dictionary, source=None):
        internal.assign(self, dictionary)

    def get(self, section, option, **options):
        return self[section][option]


class ConfigParser(RawConfigParser):
    pass


class SafeConfigParser(RawConfigParser):
    pass
