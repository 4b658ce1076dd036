/** Validators made before are not made again: the compiler is loaded only for new ones. */
import { type Memo, memoText } from "../../cache/memo.ts";
import type { JsonSchema } from "../kit/schema/json-schema.ts";

/** As `compileValidators`. */
export function memoizedValidators(
	memo: Memo,
	documents: ReadonlyMap<string, JsonSchema>,
	validators: ReadonlyMap<string, string>,
): Promise<string> {
	const inputs = ["validators", JSON.stringify([...documents]), JSON.stringify([...validators])];
	return memoText(memo, inputs, async () => {
		const { compileValidators } = await import("./compile.ts");
		return compileValidators(documents, validators);
	});
}
