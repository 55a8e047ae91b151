"""Causes of errors of R."""

from __future__ import annotations

from .cause import Cause

R_CAUSES = (
    Cause("R: an object that is not there", ("print(totl)", "x <- 1\ny <- x + z", "mean(marks_2)")),
    Cause("R: a function that is not there", ("g(3)", "as.numerc('3')", "x <- squareroot(2)")),
    Cause(
        "R: arithmetic with a text",
        ("x <- 'a'\nx + 1", "f <- function(v) v * 2\nf('b')", "3 / 'c: d'"),
    ),
    Cause("R: a function of mathematics with a text", ("sqrt('a')", "word <- 'x'\nexp(word)")),
    Cause("R: a subscript out of bounds", ("list(a = 1)[[5]]", "m <- matrix(1:4, 2)\nm[3, 1]")),
    Cause(
        "R: an argument that is missing",
        ("f <- function(x, y) x + y\nf(1)", "area <- function(w, h) w * h\narea(2)"),
    ),
    Cause(
        "R: an argument that is unknown",
        ("f <- function(x) x\nf(1, y = 2)", "g <- function() 1\ng(3, 4)"),
    ),
    Cause("R: a condition that is NA", ("if (NA) 3", "x <- c(1, NA)\nif (x[2] > 1) print(x)")),
    Cause("R: a condition of no length", ("if (NULL) 3", "x <- integer(0)\nwhile (x > 1) 2")),
    Cause("R: a package that is not there", ("library(nosuchpkg)", "x <- 1\nlibrary('dplry')")),
    Cause(
        "R: a file that is not there", ("file('nofile.csv', 'rt')", "readLines('data/marks.csv')")
    ),
    Cause(
        "R: arguments that do not conform",
        ("matrix(1:6, 2) %*% matrix(1:6, 2)", "a <- diag(3)\na %*% diag(2)"),
    ),
    Cause("R: $ of a vector", ("x <- 1:3\nx$a", "marks <- c(a = 1)\nmarks$b")),
    Cause(
        "R: columns that are not there",
        ("data.frame(a = 1)[, 'b']", "d <- data.frame(x = 1:2)\nd[, c('x', 'z')]"),
    ),
    Cause(
        "R: rows of unequal numbers",
        ("data.frame(a = 1:2, b = 1:3)", "data.frame(x = 1:4, y = 1:5, z = 1:7)"),
    ),
    Cause("R: a number called like a function", ("x <- 3\n(x)(4)", "3(4)")),
    Cause("R: a subset of a function", ("mean[1]", "f <- function(x) x\nf[2]")),
    Cause("R: an end that comes too early", ("mean(", "x <- c(1, 2")),
    Cause("R: an unexpected name", ("x y", "a <- 3\nb <- 4 c")),
    Cause("R: an unexpected number", ("x 6", "a <- 3\nb <- 5 7")),
    Cause(
        "R: an error of one's own",
        ("stop('mark too low: 3')", "f <- function(m) stop('mark too low: ', m)\nf(17)"),
    ),
)
