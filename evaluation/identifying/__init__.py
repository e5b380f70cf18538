"""How well devices are told from their traffic: `truth` (what they are), `reading` (captures into samples), `learning`
(samples into a model), `measure` (a model on samples it has not seen), `shipped` (nothing learned at all)."""
