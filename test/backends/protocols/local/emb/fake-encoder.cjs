/**
 * Stand-in for TensorFlow.js. The vector of a text holds the number of its tokens, their sum, the number of texts that were evaluated with it, and
 * the number of evaluations so far. The token `slow` takes 200 ms, and the token `crash` ends the thread.
 */
const { readFileSync } = require("node:fs");
const { fileURLToPath } = require("node:url");

const tensor = (values, shape) => ({ values, shape, dispose() {}, data: async () => values });
let evaluations = 0;

module.exports = {
	async ready() {},
	tensor1d: (values) => tensor(values, [values.length]),
	tensor2d: (values, shape) => tensor(values, shape),
	async loadGraphModel(url) {
		const { slow, crash } = JSON.parse(readFileSync(fileURLToPath(url), "utf8"));
		return {
			async executeAsync({ indices, values }) {
				evaluations += 1;
				const rows = [];
				for (const [index, id] of values.values.entries()) {
					const row = indices.values[2 * index];
					if (indices.values[2 * index + 1] !== (rows[row]?.length ?? 0)) throw new Error("the columns are not in order");
					rows[row] = [...(rows[row] ?? []), id];
				}
				if (values.values.includes(crash)) process.exit(1);
				if (values.values.includes(slow)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
				const vectors = new Float32Array(rows.length * 512);
				for (const [row, ids] of rows.entries())
					vectors.set([ids.length, ids.reduce((sum, id) => sum + id, 0), rows.length, evaluations], row * 512);
				return tensor(vectors, [rows.length, 512]);
			},
		};
	},
};
