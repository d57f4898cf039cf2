"""A step of training VGG-19 with batch normalisation on a batch of CIFAR-10: forward, backward and update."""
import csv
import os

import numpy as np

import models
from contest import GRAPHS, Peer, Weft, compare, difference, errors


def contestant(name, threads, folder, arguments):
    import torch
    torch.set_num_threads(threads)
    weights, pictures, classes = arguments
    net = models.torch_training(weights, 0.5)
    x, labels = torch.from_numpy(np.load(pictures)), torch.from_numpy(np.load(classes)).long()
    if name == "torch-nhwc":
        net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    kernels = [p for p in net.parameters() if p.dim() > 1]
    others = [p for p in net.parameters() if p.dim() == 1]
    # The gradient of 0.0005 times the sum of squares.
    optimizer = torch.optim.SGD([{"params": kernels, "weight_decay": 0.001}, {"params": others}], lr=1e-4,
                                momentum=0.9, nesterov=True)

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), labels)
        loss.backward()
        return loss.item()

    def first():
        """Loss and length of the gradient with nothing dropped, penalty included, before anything has moved."""
        for module in net:
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        loss = step() + 0.0005 * sum(float((p.detach() ** 2).sum()) for p in kernels)
        square = sum(float(((p.grad + 0.001 * p.detach()) ** 2).sum()) for p in kernels)
        square += sum(float((p.grad ** 2).sum()) for p in others)
        for module in net:
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.5
        return [np.array([loss, square ** 0.5])]

    found = []

    def run():
        if not found:
            found.append(first())
        else:
            step()
            optimizer.step()
        return found[0]
    return run


def train_step(settings):
    weights, pictures, classes = models.training(settings.folder)
    values = ["weights=" + weights, "x=" + pictures, "labels=" + classes]
    weft = Weft(settings, os.path.join(GRAPHS, "train-step.json"), values, prefix="train", steps=4)
    peers = [Peer(name, "train_step", settings, [weights, pictures, classes]) for name in ["torch", "torch-nhwc"]]
    out = os.path.join(settings.folder, "out")
    weft.run(out, "dropout=0", "steps=1")
    with open(os.path.join(out, "log.csv")) as file:
        first = list(csv.DictReader(file))[0]
    mine = [float(first["loss"]), float(first["grad_norm"])]
    found = errors(settings, peers, lambda theirs: max(difference([a], [b]) for a, b in zip(mine, theirs[0])))
    return [compare("training step, VGG-19-BN on CIFAR-10, batch 128", settings, weft, peers, found, "≥ 2.0")]


JOBS = {"train-step": train_step}
