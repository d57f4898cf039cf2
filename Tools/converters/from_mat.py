"""MATLAB files: MatConvNet's simplenn and dagnn networks, or plain arrays."""

import numpy
import scipy.io


def field(struct, name):
    return getattr(struct, name, None) if name in getattr(struct, "_fieldnames", []) else None


def put(result, name, value):
    if isinstance(value, numpy.ndarray) and value.dtype.kind in "fiub" and value.size:
        result[name] = value


def simplenn(net, result):
    """Layers with `weights` = {filters, biases}, or, before 2015, the two as fields."""
    for layer in numpy.atleast_1d(net.layers).ravel():
        name = str(numpy.squeeze(layer.name))
        parts = {key: field(layer, key) for key in ("filters", "biases")}
        weights = field(layer, "weights")
        if weights is not None:
            for index, value in enumerate(numpy.atleast_1d(weights).ravel()):
                parts[("filters", "biases")[index] if index < 2 else f"weights{index}"] = value
        for key, value in parts.items():
            if value is not None:
                put(result, f"{name}.{key}", squeezed(key, numpy.asarray(value)))


def squeezed(key, value):
    """Biases are vectors; MATLAB knows only matrices."""
    return value.reshape(-1) if key == "biases" else value


def dagnn(net, result):
    for parameter in numpy.atleast_1d(net.params).ravel():
        put(result, str(numpy.squeeze(parameter.name)), numpy.asarray(parameter.value))


def average(net, result):
    for owner in (field(net, "meta"), net):
        normalization = field(owner, "normalization") if owner is not None else None
        image = field(normalization, "averageImage") if normalization is not None else None
        if image is not None:
            put(result, "averageImage", numpy.asarray(image))
            return


def unwrap(value):
    """Structs come as 1x1 arrays of objects."""
    while isinstance(value, numpy.ndarray) and value.dtype == object and value.size == 1:
        value = value.item()
    return value


def deep(value):
    value = unwrap(value)
    for name in getattr(value, "_fieldnames", []):
        inner = unwrap(getattr(value, name))
        if isinstance(inner, numpy.ndarray) and inner.dtype == object:
            inner = numpy.array([deep(item) for item in inner.ravel()] + [None], dtype=object)[:-1]
        else:
            inner = deep(inner)
        setattr(value, name, inner)
    return value


def read(path):
    try:
        contents = scipy.io.loadmat(path, struct_as_record=False)
    except NotImplementedError:  # version 7.3 is HDF5
        import from_hdf5

        return from_hdf5.read(path)
    result = {}
    values = {key: deep(value) for key, value in contents.items() if not key.startswith("__")}
    net = values.get("net")
    layers = net if net is not None else next((value for value in [_Net(values)] if value._fieldnames), None)
    if field(layers, "params") is not None:
        dagnn(layers, result)
        average(layers, result)
    elif field(layers, "layers") is not None:
        simplenn(layers, result)
        average(layers, result)
    else:
        for key, value in values.items():
            put(result, key, value)
    return result


class _Net:
    """A network saved as the fields of its struct."""

    def __init__(self, values):
        if "layers" in values:
            layers = values["layers"]
            values["layers"] = numpy.array(
                [deep(item) for item in numpy.asarray(layers, dtype=object).ravel()] + [None], dtype=object)[:-1]
        self._fieldnames = [key for key in ("layers", "params", "meta", "normalization") if key in values]
        for key in self._fieldnames:
            setattr(self, key, values[key])
