"""PyTorch state dictionaries; nothing but tensors and containers is unpickled."""

import torch

from safetensors_file import BFloat16


def array(tensor):
    tensor = tensor.detach().contiguous()
    if tensor.dtype == torch.bfloat16:
        return BFloat16(tensor.view(torch.int16).numpy().view("<u2"))
    return tensor.numpy()


def flatten(value, name, result):
    if isinstance(value, torch.Tensor):
        result[name] = array(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            flatten(inner, f"{name}.{key}" if name else str(key), result)


def read(path):
    value = torch.load(path, map_location="cpu", weights_only=True)
    # A checkpoint keeps the state dictionary beside counters and the optimiser's state.
    for key in ("state_dict", "model_state_dict", "model"):
        if isinstance(value, dict) and isinstance(value.get(key), dict):
            value = value[key]
            break
    result = {}
    flatten(value, path.stem if isinstance(value, torch.Tensor) else "", result)
    return result
