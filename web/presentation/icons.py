"""The drawn shapes of the pages, on a 16-unit grid, stroked in the colour of the text.

Every state has an outline of its own (ring, octagon, triangle, half moon, dashes), so that
it is told without colour.
"""

ICONS: dict[str, str] = {
    # states
    "done": '<circle cx="8" cy="8" r="6.5" fill="currentColor"/>'
    '<path d="M5 8.2l2.1 2.1L11 6.1" stroke="var(--cs-surface)" stroke-width="1.8"/>',
    "running": '<circle cx="8" cy="8" r="6.5"/>'
    '<path d="M8 3.6a4.4 4.4 0 0 1 0 8.8z" fill="currentColor" stroke="none"/>',
    "waiting": '<circle cx="8" cy="8" r="6.5"/>'
    '<circle cx="8" cy="6.3" r="1.7"/><path d="M4.9 11.4c.5-1.6 1.7-2.4 3.1-2.4s2.6.8 3.1 2.4"/>',
    "queued": '<circle cx="8" cy="8" r="6.5"/><path d="M8 4.6V8l2.3 1.6"/>',
    "failed": '<path d="M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z" fill="currentColor"/>'
    '<path d="M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6" stroke="var(--cs-surface)"/>',
    "stale": '<path d="M8 1.8l6.6 11.9H1.4z"/><path d="M8 6.3v3.4M8 11.6v.1"/>',
    "not_started": '<circle cx="8" cy="8" r="6.3" stroke-dasharray="2.2 2.2"/>',
    "cancelled": '<circle cx="8" cy="8" r="6.5"/><path d="M5 8h6"/>',
    "missing": '<rect x="1.8" y="1.8" width="12.4" height="12.4" rx="2" stroke-dasharray="2.4 2"/>'
    '<path d="M6.2 6.3c.2-1 .9-1.5 1.8-1.5 1.1 0 1.8.7 1.8 1.6 0 1.3-1.7 1.4-1.7 2.6M8 11.4v.1"/>',
    "override": '<path d="M8 1.6l5.6 2v4c0 3.4-2.3 5.7-5.6 6.8C4.7 13.3 2.4 11 2.4 7.6v-4z"/>'
    '<path d="M8 4.9v3.5M8 10.6v.1"/>',
    # acts and things
    "info": '<circle cx="8" cy="8" r="6.5"/><path d="M8 7.2v3.8M8 4.9v.1"/>',
    "check": '<path d="M3 8.5l3.2 3.2L13 4.8"/>',
    "copy": '<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/>'
    '<path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5"/>',
    "sign": '<path d="M2 13.5h12"/><path d="M4 10.8l.6-2.6 6.2-6.2 2 2-6.2 6.2z"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5L14 14"/>',
    "download": '<path d="M8 2v8M4.8 7L8 10.2 11.2 7M2.5 13.5h11"/>',
    "sort": '<path d="M5 6l3-3 3 3M5 10l3 3 3-3"/>',
    "up": '<path d="M4 10l4-4 4 4"/>',
    "down": '<path d="M4 6l4 4 4-4"/>',
    "left": '<path d="M10 4L6 8l4 4"/>',
    "right": '<path d="M6 4l4 4-4 4"/>',
    "inbox": '<path d="M2 9.5l2-6.5h8l2 6.5v3.5H2z"/><path d="M2 9.5h3.4l.9 1.7h3.4l.9-1.7H14"/>',
    "sun": '<circle cx="8" cy="8" r="2.8"/><path d="M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3'
    'M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9"/>',
    "moon": '<path d="M13.2 9.6A5.8 5.8 0 0 1 6.4 2.8a5.8 5.8 0 1 0 6.8 6.8z"/>',
    "empty": '<path d="M2.5 5.5l1.8-3h7.4l1.8 3v8h-11z"/><path d="M2.5 5.5h11M6.3 8.3h3.4"/>',
    "eye": '<path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z"/>'
    '<circle cx="8" cy="8" r="2"/>',
    "flag": '<path d="M3.5 14.5v-13M3.5 2.5h9l-2 3.2 2 3.3h-9"/>',
    "cross": '<path d="M4 4l8 8M12 4l-8 8"/>',
    "undo": '<path d="M5.5 3L2.5 6l3 3"/><path d="M2.5 6H10a3.5 3.5 0 0 1 0 7H6.5"/>',
    "skip": '<path d="M3 3.5L9 8l-6 4.5zM12.5 3.5v9"/>',
    "comment": '<path d="M2.5 3h11v8H7l-3 2.7V11H2.5z"/>',
    "keyboard": '<rect x="1.5" y="4" width="13" height="8.5" rx="1.5"/>'
    '<path d="M4.3 7h.1M7 7h.1M9.6 7h.1M12 7h.1M5 9.8h6"/>',
}
