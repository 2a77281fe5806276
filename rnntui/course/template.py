"""The lesson that `rnntui new` writes: one that runs, with a word on everything."""

from __future__ import annotations

SCHEMA = "lesson.schema.json"
"""The file, beside a lesson, by which editors know what a lesson may say."""
TEMPLATE = """\
# yaml-language-server: $schema=lesson.schema.json
# How to write a lesson: docs/lessons.md. To test this one: rnntui check {file}
# Editors complete and check it by the file in the first line: rnntui schema -o lesson.schema.json
id: {id}
title: {title}
summary: One sentence for the list of lessons.
level: 1                # 1 first steps … 4 research
minutes: 5
needs: []               # ids of lessons that should come before
model:
  cell: rnn             # a built-in cell (rnntui cells), or `equations: |` with lines of your own
  hidden: 2
  seed: 1               # draws the parameters; write numbers where the story hangs on them:
  init:
    W: [[-0.1, -0.4], [-1.1, 0.8]]
data:
  text: "hello"         # or {{csv: FILE, column: NAME}}, {{task: recall, length: 12}}, x: and y:
steps:
  # Say something, stand somewhere, light something up.
  - say: |
      This net reads h e l l and guesses each next letter. All its surprise adds up to {{{{ loss }}}}.
    goto: forward t=1 h
    show: [h]
    focus: h[1]

  # Let the learner predict before it is shown: what is asked for is hidden until then.
  - ask: At t = 2 the memory `h` gets its second value. What sign has its row 1?
    goto: forward t=2 h
    sign: h[2][1]
    # what you expect; the run decides, and the check compares
    answer: plus
    focus: h[1]
    hint:
      - It is tanh of a, and tanh keeps the sign.
      - "Row 1 of a is {{{{ a[2][1] }}}}."
    explain: tanh({{{{ a[2][1] }}}}) = {{{{ h[2][1] }}}}.

  # Each choice says when it is the right one; the check sees to it that the answer is, and no other.
  - ask: Which part of the gradient of `h`, at t = 2, is the larger?
    goto: backward t=2 h
    choice:
      from this output: norm(grad(h[2], L[2])) > norm(grad(h[2]) - grad(h[2], L[2]))
      from the future: norm(grad(h[2], L[2])) < norm(grad(h[2]) - grad(h[2], L[2]))
    answer: from this output
    mask: ["grad(h[2])"]
    focus: grad(h[3])
    hint: "From this output it is {{{{ norm(grad(h[2], L[2])) }}}} long."
    explain: From the future come only {{{{ norm(grad(h[2]) - grad(h[2], L[2])) }}}}.

  # Let the learner change something until a goal is met.
  - try: Change one entry of `W` so that the gradient that arrives at t = 1 gets shorter than 0.9.
    allow: [W]
    goal: norm(grad(h[1])) < 0.9
    solution: "W[1][1] = -4"
    hint: The gradient goes back through Wᵀ, once for every step.
    explain: Now it is {{{{ norm(grad(h[1])) }}}} long.

  # One sentence at the end that says what was learned.
  - say: "**You saw:** what you write here."

  # Tests of the lesson itself, never shown.
  - expect: norm(grad(h[1])) > 1
"""


def template(id: str, file: str) -> str:
    """The text of a new lesson."""
    return TEMPLATE.format(id=id, file=file, title=id.replace("-", " ").capitalize())
