// Jobs about the run that is shown, each begun at most once: a card that is drawn anew while its job runs takes
// it up where it is.

// `start` begins a job of a kind, with what is asked besides, and returns what it found; it hands `told` each
// event and `begun` the way to cancel it.
export function errands(start) {
  const held = new Map();
  return (kind, more) => {
    const key = JSON.stringify([kind, more]);
    if (!held.has(key)) held.set(key, errand(hooks => start(kind, more, hooks)));
    return held.get(key);
  };
}

// One of them: idle, running, cancelling or over. `heard` is told of every change; whoever shows it sets that.
function errand(start) {
  const mine = { state: 'idle', done: 0, total: 0, result: null, trouble: '', cancel: null, heard: () => {} };
  const now = changes => { Object.assign(mine, changes); mine.heard(); };
  mine.begin = async () => {
    now({ state: 'running', total: 0, trouble: '', cancel: null });
    try {
      const result = await start({ told: ({ done, total }) => { if (total) now({ done, total }); }, begun: cancel => now({ cancel }) });
      Object.assign(mine, { state: 'over', result });
    } catch (error) { Object.assign(mine, { state: 'idle', trouble: error.message }); }
    mine.heard();
  };
  mine.stop = async () => {
    now({ state: 'cancelling' });
    try { await mine.cancel(); } catch (error) { if (mine.state === 'cancelling') now({ state: 'running', trouble: error.message }); }
  };
  return mine;
}
