import type { BackendKind } from "../../src/backends/backend.ts";
import { BackendConfigError } from "../../src/backends/backend.ts";
import { OPTION_OBSERVER, type OptionObserver, type OptionShape } from "../../src/backends/kit/option-reader.ts";

/** An option of a kind, as the kind reads it. */
export interface KindOption {
	/** Names that lead to the option, e.g. `["timeouts", "idle_timeout_ms"]`. */
	readonly path: readonly string[];
	readonly shape: OptionShape;
}

/** Returns the options of a kind in the order in which the kind reads them. The kind itself is the source: a backend is created. */
export async function optionsOfKind(kind: BackendKind): Promise<KindOption[]> {
	const options = new Map<string, KindOption>();
	const observe: OptionObserver = (path, shape) => options.set(path.join("."), { path, shape });
	try {
		const backend = kind.create({
			name: "main",
			kind: kind.name,
			base_url: "https://api.example.com/v1",
			models: [],
			options: Object.assign({}, { [OPTION_OBSERVER]: observe }),
		});
		await backend.close();
	} catch (thrown) {
		// Some kinds require an option. Every option has been read before the kind says so.
		if (!(thrown instanceof BackendConfigError)) throw thrown;
	}
	return [...options.values()];
}
