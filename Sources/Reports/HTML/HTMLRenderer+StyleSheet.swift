extension HTMLRenderer {
  /// The style of all pages: one column, light or dark, wide things scroll by themselves.
  package static let styleSheet = """
    :root {
      color-scheme: light dark;
      --ink: #1d2327; --soft: #5c666e; --paper: #fdfcfa; --panel: #f1efea; --line: #d5d1c8;
      --good: #1a7a3c; --bad: #b3261e; --accent: #2f5d8a;
      --kept: #2f5d8a; --replayed: #d07a2d; --adjoints: #5f9e8f; --forward: #b9b3c9;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ink: #e6e4df; --soft: #a2a8ad; --paper: #16191c; --panel: #22272b; --line: #3b4248;
        --good: #6fcf8f; --bad: #ff8a80; --accent: #8db8e2;
        --kept: #6c9fd0; --replayed: #e39a57; --adjoints: #74b5a5; --forward: #7a7590;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
    }
    main { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
    h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.2em 0 0.4em; font-weight: 600; }
    h1 { font-size: 1.35rem; } h2 { font-size: 1.1rem; }
    h3, h4, h5, h6 { font-size: 1rem; }
    p, ul, dl, pre, figure, .scroll, .tree { margin: 0.5rem 0; }
    ul { padding-left: 1.4rem; }
    code, pre, .tree { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.9em; }
    pre {
      padding: 0.6rem 0.8rem; background: var(--panel); border-radius: 6px; overflow-x: auto;
      overflow-wrap: normal;
    }
    pre code { font-size: 1em; }
    pre.code { border-left: 3px solid var(--accent); }
    .names code {
      display: inline-block; padding: 0 0.4em; margin: 0.1em 0; background: var(--panel);
      border-radius: 4px;
    }
    .note, small, .faint { color: var(--soft); }
    .good { color: var(--good); } .bad { color: var(--bad); }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.2rem 1rem; }
    dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td {
      padding: 0.25rem 0.7rem; text-align: left; border-bottom: 1px solid var(--line);
      overflow-wrap: normal; vertical-align: top;
    }
    th { font-weight: 600; color: var(--soft); vertical-align: bottom; }
    .right { text-align: right; } td.right { white-space: nowrap; }
    td code { white-space: nowrap; }
    tr.total td { font-weight: 600; border-top: 2px solid var(--line); }
    meter { width: 7rem; }
    .tree ul { list-style: none; padding-left: 1.1rem; margin: 0; border-left: 1px solid \
    var(--line); }
    .tree > ul { border: 0; padding-left: 0; }
    figure svg { display: block; width: 100%; height: auto; max-width: 52rem; }
    svg text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: var(--ink); }
    svg .axis { stroke: var(--soft); stroke-width: 1; fill: none; }
    svg .grid { stroke: var(--line); stroke-width: 1; }
    svg .soft { fill: var(--soft); }
    figcaption { color: var(--soft); font-size: 0.9em; }
    .key { display: inline-block; margin-right: 1.2em; }
    .key i {
      display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.4em; border-radius: 2px;
    }
    .chart-scroll { overflow-x: auto; }
    @media (max-width: 30rem) { figure svg text { font-size: 20px; } }
    @media print { body { background: none; } }
    """
}
