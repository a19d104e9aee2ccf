// All of this capability that others loop over: it has no operations and no function of its own.

export {};
