from collections.abc import Iterator

import pytest

from stub_servers import Servers


@pytest.fixture
def servers() -> Iterator[Servers]:
    servers = Servers()
    yield servers
    servers.close()
