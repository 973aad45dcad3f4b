// The posts that the seed holds.

/** The newest: Hangul in the slug, headings, code, an old address. */
export const house = {
  file: "2024-05-20-house.md",
  title: "A house with a hall",
  slug: "한옥의-마루",
  alias: "/old/house.html",
  sentence: "The hall joins the rooms",
  text: `+++
title = "A house with a hall"
slug = "한옥의-마루"
description = "What a hall does for a house."
authors = ["Mina Park"]
aliases = ["/old/house.html"]
[taxonomies]
categories = ["Houses"]
tags = ["hanok", "wood"]
+++

The hall joins the rooms & keeps the wind <moving>.

## The floor

Boards, not stone. \`</script>\` is only text here.

## The roof

\`\`\`rust
fn main() {
    println!("마루");
}
\`\`\`

## The yard

| side | use |
| --- | --- |
| south | sun |

### A well

Deep.
`,
};

/** Enough others for a second page, long enough to scroll. */
export const others = Array.from({ length: 30 }, (_, index) => {
  const day = String(index + 1).padStart(2, "0");
  return {
    file: `2024-04-${day}-note.md`,
    title: `Note ${day}`,
    slug: `note-${day}`,
    text: `---
title: Note ${day}
slug: note-${day}
tags: [notes]
---
${`A paragraph of note ${day}, long enough to fill a line or two on any screen there is.\n\n`.repeat(25)}`,
  };
});
