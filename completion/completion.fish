# Completion of vaultbell and vaultbell-agent in fish. The programs know what can follow.

function __vaultbell_complete
    set -l typed (commandline -opc) (commandline -ct)
    for line in ($typed[1] __complete $typed[2..-1] 2> /dev/null)
        if test -z "$line"
            __fish_complete_path (commandline -ct)
        else
            echo -- $line
        end
    end
end

complete -c vaultbell -f -a '(__vaultbell_complete)'
complete -c vaultbell-agent -f -a '(__vaultbell_complete)'
