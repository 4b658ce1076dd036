import { malformed } from "../../binary/byte-reader.ts";

/**
 * Most of each quantity that a plan may hold or cost. A component of few bytes can describe any amount of work: component A instantiates B
 * twice, B instantiates C twice. All hostcalls and WASI together cost less than a tenth of each bound.
 */
const MOST = {
	/** Definitions and declarations that were executed. */
	definitions: 100_000,
	"component instances": 1_000,
	"core instances": 64,
	"imported interfaces": 1_000,
	"imported functions": 10_000,
	/** Functions between core modules and the host. */
	"lowered functions": 10_000,
	"exported functions": 1_000,
	"imports of core modules": 100_000,
	"comparisons of types": 1_000_000,
	/** Parts of the types that the plan writes out. */
	"parts of types": 100_000,
	/** Characters of the names and type keys that the plan writes out. */
	"characters of names and types": 8_000_000,
} as const;

export type Quantity = keyof typeof MOST;

/** Cost of a plan so far. */
export class PlanBudget {
	readonly #spent = new Map<Quantity, number>();

	/**
	 * Counts some more of a quantity.
	 *
	 * @throws SpearError `invalid_request` if that makes too many. Called before anything is allocated for them.
	 */
	spend(quantity: Quantity, amount = 1): void {
		const spent = (this.#spent.get(quantity) ?? 0) + amount;
		if (!(spent <= MOST[quantity])) throw malformed(`it has more than ${MOST[quantity]} ${quantity} once it is instantiated`);
		this.#spent.set(quantity, spent);
	}
}
