// A function that can't be loaded.
throw new Error('no such configuration');
