"""Causes of errors that pandas and NumPy tell."""

from __future__ import annotations

from .cause import Cause

LIBRARIES = (
    Cause(
        "a key that is not there",
        (
            "import pandas as pd\ndf = pd.DataFrame({'a': [1]})\ndf['b']",
            "import pandas as pd\n\nm = pd.DataFrame({'x': [1], 'y': [2]})\nprint(m['total'])",
        ),
    ),
    Cause(
        "columns that are not there",
        (
            "import pandas as pd\npd.DataFrame({'a': [1]})[['a', 'b']]",
            "import pandas as pd\nm = pd.DataFrame({'x': [1]})\nm[['x', 'y', 'z']]",
        ),
    ),
    Cause(
        "an attribute that a data frame does not have",
        (
            "import pandas as pd\ndf = pd.DataFrame({'a': [1]})\ndf.total",
            "import pandas as pd\nmarks = pd.DataFrame()\nmarks.averge()",
        ),
    ),
    Cause(
        "a series as a condition",
        (
            "import pandas as pd\nif pd.Series([True, False]): pass",
            "import pandas as pd\ndf = pd.DataFrame({'x': [1, 2]})\nif df['x'] > 1:\n    pass",
        ),
    ),
    Cause(
        "columns of unequal lengths",
        (
            "import pandas as pd\npd.DataFrame({'a': [1], 'b': [1, 2]})",
            "import pandas as pd\nx = {'q': [1, 2, 3], 'r': []}\npd.DataFrame(x)",
        ),
    ),
    Cause(
        "a file that is not there",
        (
            "import pandas as pd\npd.read_csv('nofile.csv')",
            "import pandas as pd\nmarks = pd.read_csv('data/marks 2.csv')",
        ),
    ),
    Cause(
        "arrays whose shapes do not fit",
        (
            "import numpy as np\nnp.ones(3) + np.ones(4)",
            "import numpy as np\na = np.zeros((2, 3))\nb = np.zeros((4, 5))\na * b",
            "import numpy as np\nnp.ones((3, 2)) - np.ones(7)",
        ),
    ),
    Cause(
        "an array reshaped to another size",
        (
            "import numpy as np\nnp.arange(6).reshape(4, 2)",
            "import numpy as np\nx = np.ones(10)\nx.reshape(3)",
        ),
    ),
    Cause(
        "an index beyond the end of an array",
        ("import numpy as np\nnp.ones(3)[5]", "import numpy as np\na = np.zeros((4, 2))\na[9, 0]"),
    ),
    Cause(
        "too many indices of an array",
        (
            "import numpy as np\nnp.ones(3)[0, 1]",
            "import numpy as np\nm = np.ones((2, 2))\nm[0, 0, 0]",
        ),
    ),
    Cause(
        "an array as a condition",
        (
            "import numpy as np\nif np.array([True, False]): pass",
            "import numpy as np\nx = np.arange(5)\nif x > 2:\n    print(x)",
        ),
    ),
)
