/** The host loads its parts from disk, so Next must not bundle it. */
export default { serverExternalPackages: ["spear-hostcall"] };
