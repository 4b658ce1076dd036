import type * as emb from "../../../../generated/ir/emb.ts";
import type * as types from "../../../../generated/ir/types.ts";
import { commonLength } from "./vectors.ts";

/** Joins the results of a batch that was split, in order. `wrong` makes the error for results that do not match. */
export function joinEmbeddings(parts: readonly emb.Response[], wrong: (what: string) => Error): emb.Response {
	const [first] = parts;
	if (first === undefined) throw wrong("the batch is empty");
	if (parts.length === 1) return first;
	const vectors = parts.flatMap((part) => part.vectors);
	const usage = sumOf(parts.map((part) => part.usage ?? {}));
	return {
		model: first.model,
		vectors,
		dimensions: commonLength(vectors, wrong),
		...(usage === undefined ? {} : { usage }),
	};
}

/** Sums the usage of all parts. A count that one part omits is unknown for the whole. */
function sumOf(parts: readonly types.Usage[]): types.Usage | undefined {
	const sum = (of: (part: types.Usage) => number | undefined) =>
		parts.reduce<number | undefined>((total, part) => {
			const tokens = of(part);
			return total === undefined || tokens === undefined ? undefined : total + tokens;
		}, 0);
	const input = sum((part) => part.input_tokens);
	const total = sum((part) => part.total_tokens);
	if (input === undefined && total === undefined) return undefined;
	return { ...(input === undefined ? {} : { input_tokens: input }), ...(total === undefined ? {} : { total_tokens: total }) };
}
